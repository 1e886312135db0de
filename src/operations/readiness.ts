import { withoutSecrets } from '../logging.js';

/** Something that has to be well for work to be done. */
export interface ReadinessCheck {
  /** In a word: `gateway`, `database`. */
  readonly name: string;
  /** Looks at it, without changing anything. @throws Error with a sentence that says what is wrong. */
  look(): void | Promise<void>;
}

/** What came of all checks. */
export interface Readiness {
  readonly ready: boolean;
  readonly checks: Readonly<Record<string, CheckResult>>;
}

export interface CheckResult {
  readonly ok: boolean;
  /** What is wrong, as a sentence. */
  readonly problem?: string;
}

/** Whoever asks wants an answer before they give up. */
const patienceMs = 2000;

/** Whether Redis answers. */
export function redisCheck(link: { readonly isUp: boolean }): ReadinessCheck {
  return {
    name: 'redis',
    look: () => {
      if (!link.isUp) throw new Error("Redis can't be reached.");
    },
  };
}

/** Looks at all of it at once. Never throws. */
export async function readinessOf(checks: readonly ReadinessCheck[]): Promise<Readiness> {
  const results = await Promise.all(checks.map(async (check) => [check.name, await resultOf(check)] as const));
  return { ready: results.every(([, { ok }]) => ok), checks: Object.fromEntries(results) };
}

async function resultOf(check: ReadinessCheck): Promise<CheckResult> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`No answer within ${patienceMs / 1000} s.`)), patienceMs);
  });
  try {
    await Promise.race([Promise.resolve().then(() => check.look()), tooLate]);
    return { ok: true };
  } catch (error) {
    return { ok: false, problem: withoutSecrets(error instanceof Error ? error.message : String(error)) };
  } finally {
    clearTimeout(timer);
  }
}
