import { installationTrouble } from '../installation-trouble.js';

/** The state of a part of the installation. */
export type Status = 'ok' | 'warning' | 'error';

/** What was found out about a part of the installation. */
export interface Finding {
  /** Name of the part, in a word or two: `engine`, `database`. */
  readonly part: string;
  readonly status: Status;
  /** State of the part of the installation, as a sentence. */
  readonly message: string;
  /** What to do about a problem, as a sentence; missing where all is well. */
  readonly remedy?: string | undefined;
}

/** A check of one part of the installation. What it throws becomes a finding, too. */
export interface Check {
  readonly part: string;
  run(): Promise<readonly Finding[]>;
}

export function ok(part: string, message: string): Finding {
  return { part, status: 'ok', message };
}

export function warning(part: string, message: string, remedy: string): Finding {
  return { part, status: 'warning', message, remedy };
}

export function failure(part: string, message: string, remedy?: string): Finding {
  return { part, status: 'error', message, remedy };
}

/** Runs checks one after the other, since some measure time; hands over each finding as it comes, and returns all. */
export async function examine(
  checks: readonly Check[],
  onFinding: (finding: Finding) => void,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const { part, run } of checks) {
    const found = await run().catch((cause: unknown) => {
      const error = installationTrouble(cause) ?? cause;
      return [failure(part, error instanceof Error ? error.message : String(error))];
    });
    for (const finding of found) {
      findings.push(finding);
      onFinding(finding);
    }
  }
  return findings;
}
