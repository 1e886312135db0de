import { withoutSecrets } from '../logging.js';

/** A check of something that has to be well for work to be done. */
export interface ReadinessCheck {
  /** Name of the check in a word: `gateway`, `database`. */
  readonly name: string;
  /** Looks whether all is well, without changing anything. @throws Error with a sentence that says what is wrong. */
  look(): void | Promise<void>;
}

/** Results of all checks, by name. */
export interface Readiness {
  readonly ready: boolean;
  readonly checks: Readonly<Record<string, CheckResult>>;
}

export interface CheckResult {
  readonly ok: boolean;
  /** A sentence that says what is wrong, if anything is. */
  readonly problem?: string;
}

/** How long a check may take, so that whoever asks gets an answer before they give up. */
const patienceMs = 2000;

/** Returns a check of whether Redis can be reached and takes writes. */
export function redisCheck(link: { readonly problem: string | undefined }): ReadinessCheck {
  return {
    name: 'redis',
    look: () => {
      if (link.problem !== undefined) throw new Error(link.problem);
    },
  };
}

/** Runs all checks at once and returns their results. It never throws. */
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
