// Asks the registry for known vulnerabilities of the packages that running needs, as a part of `npm run check`. High
// and critical ones fail the check; those of optional dependencies are only reported. Where there is no answer, it says
// so and fails nothing, so that a machine without a network can still check its work.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const timeoutMs = 20_000;
const serious = ['high', 'critical'];

const { npm_execpath: npm } = process.env;
const audit = ['audit', '--omit=dev', '--json', '--fetch-retries=0', `--fetch-timeout=${timeoutMs / 2}`];
const [program, args] = npm === undefined ? ['npm', audit] : [process.execPath, [npm, ...audit]];
const answer = await promisify(execFile)(program, args, { timeout: timeoutMs, maxBuffer: 64 * 1024 ** 2 }).then(
  ({ stdout }) => stdout,
  // npm also ends with an error where it has found vulnerabilities.
  ({ stdout }) => stdout ?? '',
);

const report = parse(answer);
if (report?.vulnerabilities === undefined) {
  const reason = report?.message ?? 'no answer';
  console.log(`Dependencies were not audited: the registry can't be asked here (${reason}).`);
} else {
  const { packages } = JSON.parse(await readFile('package-lock.json', 'utf8'));
  const isOptional = ({ nodes }) => nodes.length > 0 && nodes.every((path) => packages[path]?.optional);
  const found = Object.values(report.vulnerabilities).filter(({ severity }) => serious.includes(severity));
  for (const vulnerability of found) console.error(sentenceAbout(vulnerability, isOptional(vulnerability)));
  if (found.some((vulnerability) => !isOptional(vulnerability))) {
    console.error('Update what is vulnerable; `npm audit` says more.');
    process.exitCode = 1;
  }
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function sentenceAbout({ name, severity, via }, optional) {
  const advisories = via.flatMap((cause) =>
    typeof cause === 'string' ? [`by ${cause}`] : [`${cause.title} ${cause.url}`],
  );
  const kind = optional ? 'optional dependency' : 'dependency';
  return `${severity}: the ${kind} ${name} is vulnerable: ${advisories.join('; ')}`;
}
