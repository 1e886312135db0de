import { Command } from 'commander';
import { readHostConfig, readToken } from '../config.js';
import { examine, type Finding, type Status } from '../doctor/finding.js';
import { say } from './standard-streams.js';

const marks: Readonly<Record<Status, string>> = { ok: 'ok', warning: 'warning', error: 'ERROR' };

/** Width of the columns for part and mark, in characters: all sentences begin below one another. */
const partWidth = 9;
const markWidth = 8;

/**
 * `whitewalker doctor [--json]` says what this machine can do, and what is wrong with the installation.
 * @param warnings - sentences about settings that seem to be mistaken.
 */
export function doctorCommand(warnings: readonly string[]): Command {
  return new Command('doctor')
    .summary('look at machine, networks, database and Discord, and say what is wrong')
    .description(
      'Looks at machine, engine, networks, database and Discord as .env describes them, measures how fast pictures are ' +
        'painted, and says what is wrong and what to do. Exit code 1 where there is an error.',
    )
    .option('--json', 'print one JSON array instead of lines', false)
    .action(async ({ json }: { json: boolean }) => {
      const { checksFor } = await import('../doctor/doctor.js');
      const config = readHostConfig(process.env);
      const checks = checksFor(config, { warnings, readToken: () => readToken(process.env) });
      const findings = await examine(checks, (finding) => (json ? undefined : say(lineOf(finding))));
      if (json) say(JSON.stringify(findings, null, 2));
      if (findings.some(({ status }) => status === 'error')) process.exitCode = 1;
    });
}

function lineOf({ part, status, message, remedy }: Finding): string {
  const head = `${marks[status].padEnd(markWidth)}${part.padEnd(partWidth)} `;
  return remedy === undefined ? `${head}${message}` : `${head}${message}\n${' '.repeat(head.length)}${remedy}`;
}
