import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { FuzzMessage } from './child.js';
import { corpus } from './corpus.js';
import type { Verdict } from './judge.js';
import { mutant } from './mutate.js';

/**
 * `npm run fuzz:pictures [-- --seed 1 --count 20000 --from 0 --keep FOLDER]` decodes pictures of every format that were
 * broken by chance, in a process of its own that may crash or hang, and holds what is decoded against what sharp makes
 * of the whole file. It writes what came of them, and exits with 1 where one crashed, hung, took two seconds of a processor,
 * was refused without words or decoded otherwise; with --keep, it keeps these. The same seed makes the same pictures.
 */
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '20000' },
    from: { type: 'string', default: '0' },
    keep: { type: 'string' },
  },
});
const [seed, count, from] = [values.seed, values.count, values.from].map((text) => {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 0) throw new RangeError(`Expected a whole number, got ${text}`);
  return number;
}) as [number, number, number];

/** How long a child process may be silent before it counts as hanging; the loading of modules is part of it. */
const silenceMs = 60_000;

type Result = Verdict | 'crashed' | 'hung';
const faults: ReadonlySet<Result> = new Set<Result>(['other', 'unforeseen', 'slow', 'crashed', 'hung']);
const say = (line: string) => process.stdout.write(`${line}\n`);

const tally = new Map<string, number>();
const seeds = await corpus();
let faultCount = 0;

async function note(number: number, result: Result, detail: string): Promise<void> {
  const { seed: origin, bytes } = mutant(seeds, seed, number);
  const key = `${origin.format} | ${result}${result === 'exception' || result === 'alone' ? `: ${detail}` : ''}`;
  tally.set(key, (tally.get(key) ?? 0) + 1);
  if (!faults.has(result)) return;
  faultCount += 1;
  say(`${result} | ${number} | ${origin.name} | ${detail}`);
  if (values.keep === undefined) return;
  await mkdir(values.keep, { recursive: true });
  await writeFile(join(values.keep, `${seed}-${number}.${origin.format}`), bytes);
}

/** Has a child process judge pictures from a number on, and returns the number with which the next one begins. */
async function run(first: number, end: number): Promise<number> {
  const child = fork(fileURLToPath(new URL('child.js', import.meta.url)), [seed, first, end].map(String));
  let [next, current] = [first, first];
  let hung = false;
  const watchdog = setTimeout(() => {
    hung = true;
    child.kill('SIGKILL');
  }, silenceMs);
  const notes: Array<Promise<void>> = [];
  child.on('message', (message: FuzzMessage) => {
    watchdog.refresh();
    current = message.number;
    if (message.kind === 'begun') return;
    next = message.number + 1;
    notes.push(note(message.number, message.judgement.verdict, message.judgement.detail));
  });
  const [code, signal] = await once(child, 'exit');
  clearTimeout(watchdog);
  await Promise.all(notes);
  if (next === end) return end;
  await note(current, hung ? 'hung' : 'crashed', signal ?? `exit code ${code}`);
  return current + 1;
}

const end = from + count;
for (let next = from; next < end; ) next = await run(next, end);

say('\n| format | what came of it | pictures |\n|---|---|---|');
for (const [key, number] of [...tally].toSorted(([a], [b]) => a.localeCompare(b))) say(`| ${key} | ${number} |`);
say(`\n${count} pictures, ${faultCount} faults.`);
process.exitCode = faultCount === 0 ? 0 : 1;
