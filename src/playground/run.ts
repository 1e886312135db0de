import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { CodedError } from '../coded-error.js';
import { holderOf, tryLock } from '../files/exclusive-lock.js';
import { fileTrouble } from '../files/file-trouble.js';
import { makeFolder } from '../files/make-folder.js';
import { readPage } from './page-files.js';
import { Playground } from './playground.js';
import { serveBrowsers } from './web-server.js';

export interface RunOptions {
  readonly host: string;
  readonly port: number;
  /** The folder in which everything is kept; undefined: a temporary one, which is removed in the end. */
  readonly data?: string | undefined;
}

/**
 * Runs the playground until Ctrl-C or SIGTERM, and prints the address of its page.
 * @throws CodedError `config/…` where the page was not built, the folder is in use or can't be written to, or the port
 *   is taken.
 */
export async function runPlayground({ host, port, data }: RunOptions): Promise<void> {
  // Whoever presses Ctrl-C while everything is being put up is heard, too.
  const told = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
  const page = await readPage();
  const folder = await takeFolder(data);
  try {
    const playground = await Playground.open({ folder: folder.path, isKept: data !== undefined });
    try {
      const server = await serveBrowsers(playground, { host, port, page });
      process.stdout.write(`The playground is open: ${server.address}\n`);
      if (server.guestAddress) process.stdout.write(`For guests, who are one person each: ${server.guestAddress}\n`);
      process.stdout.write('Ctrl-C closes it.\n');
      await told;
      await server.close();
    } finally {
      await playground.close();
    }
  } finally {
    await folder.leave();
  }
}

/** Returns the folder for this playground alone. */
async function takeFolder(data: string | undefined) {
  const path = data === undefined ? await mkdtemp(join(tmpdir(), 'whitewalker-playground-')) : resolve(data);
  const lock = await lockedFolder(path);
  return {
    path,
    leave: async () => {
      lock.release();
      if (data === undefined) await rm(path, { recursive: true, force: true });
    },
  };
}

async function lockedFolder(path: string) {
  const file = join(path, 'playground.lock');
  try {
    makeFolder(path);
    const lock = tryLock(file);
    if (lock) return lock;
  } catch (cause) {
    const sentence = `Nothing can be kept in ${path} (${fileTrouble(cause)}). Choose another --data.`;
    throw new CodedError('config', 'bad-folder', sentence, { cause });
  }
  const holder = holderOf(file);
  const who = holder ? ` (process ${holder.pid}, since ${holder.since})` : '';
  throw new CodedError(
    'config',
    'folder-in-use',
    `Another playground${who} works in ${path}. Stop that one first, or choose another --data.`,
  );
}
