import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { Database } from '../../src/database/database.js';
import { Journal } from '../../src/jobs/journal.js';
import { packageRoot } from '../../src/package-root.js';
import { acceptedJob } from './accepted-job.js';

const folder = mkdtempSync(join(tmpdir(), 'whitewalker-journal-kill-'));

afterAll(() => rmSync(folder, { recursive: true }));

/** A program that accepts jobs in a journal, five a turn, moves some on, and prints what it was promised is kept. */
const program = `
import { Database } from '${compiled('database/database.js')}';
import { newJobId } from '${compiled('jobs/job.js')}';
import { Journal } from '${compiled('jobs/journal.js')}';

const [path, template] = process.argv.slice(2);
const journal = new Journal(Database.open(path));
for (;;) {
  const jobs = Array.from({ length: 5 }, () => ({ ...JSON.parse(template), id: newJobId() }));
  await Promise.all(jobs.map(async (job) => {
    await journal.accept(job);
    process.stdout.write('accepted ' + job.id + '\\n');
  }));
  const { id, task } = jobs[0];
  journal.queued(id, task);
  journal.running(id);
  journal.settle(id, { kind: 'cancelled', by: 'owner' });
  await journal.durable();
  process.stdout.write('delivering ' + id + '\\n');
}
`;

function compiled(module: string): string {
  const path = join(packageRoot(), 'dist', 'src', module);
  if (!existsSync(path)) throw new Error(`${path} is missing: compile before these tests, by npm run build.`);
  return pathToFileURL(path).href;
}

/** Runs the program until it has printed so many lines, kills it with no warning, and returns those lines. */
function runUntilKilled(path: string, lines: number): Promise<string[]> {
  const script = join(folder, 'accept-jobs.mjs');
  writeFileSync(script, program);
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, path, JSON.stringify(acceptedJob())], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let printed = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
      if (printed.split('\n').length > lines) child.kill('SIGKILL');
    });
    child.on('error', reject).on('close', (_code, signal) => {
      if (signal !== 'SIGKILL') reject(new Error(`The program ended by itself, having printed: ${printed}`));
      // The last line may be cut off.
      resolve(printed.split('\n').slice(0, -1));
    });
  });
}

describe('a process that is killed', () => {
  it.each([1, 7, 100, 400])('after %d promises has kept all of them', async (lines) => {
    const path = join(mkdtempSync(join(folder, 'data-')), 'whitewalker.db');
    const printed = await runUntilKilled(path, lines);
    expect(printed.length).toBeGreaterThanOrEqual(lines);
    const database = Database.open(path);
    try {
      const journal = new Journal(database);
      const states = new Map(journal.open().map((job) => [job.id, job.state]));
      const promised = new Map(printed.map((line) => line.split(' ').reverse() as [string, string]));
      for (const [id, state] of promised) {
        const allowed = state === 'accepted' ? ['accepted', 'delivering'] : [state];
        expect(allowed).toContain(states.get(id));
      }
      expect(database.get('PRAGMA integrity_check')).toEqual({ integrity_check: 'ok' });
      await journal.accept(acceptedJob());
    } finally {
      database.close();
    }
  });
});
