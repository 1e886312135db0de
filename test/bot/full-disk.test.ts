import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, openSync, writeSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Interaction } from '../../src/local-discord/interaction.js';
import { isMessageRefusal } from './refusals.js';
import { expectDeliveredOnce, long, painted, running, Stage } from './stage.js';

const readiness = z.object({ checks: z.record(z.string(), z.object({ problem: z.string().optional() })) });

/** What is to be undone after a test, the last first. */
const undo: (() => Promise<unknown> | unknown)[] = [];
let stage: Stage;
afterEach(async () => {
  stage.discord.assertCorrect();
  for (const action of undo.splice(0).reverse()) await action();
});

async function set(): Promise<void> {
  stage = await Stage.set({ METRICS_PORT: '0' });
  undo.push(() => stage.strike());
}

/** Asks the bot what is wrong with it, by the names of its checks. */
async function problems(): Promise<Readonly<Record<string, string | undefined>>> {
  const { origin } = await stage.bot.untilLogged('operators are answered');
  const { checks } = readiness.parse(await (await fetch(`${origin}/readyz`)).json());
  return Object.fromEntries(
    Object.entries(checks).flatMap(([name, { problem }]) => (problem ? [[name, problem]] : [])),
  );
}

async function refused(order: Interaction, text: RegExp): Promise<void> {
  await order.acknowledged;
  expect(isMessageRefusal(order, text), order.describe()).toBe(true);
}

/** Fills the disk under a folder, and returns the path of the file that does. */
function fill(folder: string): string {
  const path = join(folder, 'filling');
  const file = openSync(path, 'w');
  for (const size of [65_536, 4096, 1]) {
    try {
      for (;;) writeSync(file, Buffer.alloc(size, 1));
    } catch {
      // There is no room for so much.
    }
  }
  closeSync(file);
  return path;
}

const mounts = process.platform === 'linux' && process.getuid?.() === 0;

describe('a bot whose disk', () => {
  it.skipIf(!mounts)('is full takes no orders, says so, loses nothing, and goes on once there is room', async () => {
    await set();
    // The bot begins anew with its data on a small disk.
    await stage.bot.stop();
    await rm(stage.dataFolder, { recursive: true });
    await mkdir(stage.dataFolder);
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', stage.dataFolder]);
    expect(mounted.status, String(mounted.stderr)).toBe(0);
    undo.push(() => spawnSync('umount', ['-l', stage.dataFolder]));
    await stage.restart();

    const order = await running(await stage.order(stage.alice, { quality: 'high', epochs: 60 }));
    const cancelled = await stage.order(stage.mormont);
    await cancelled.until(({ message }) => message?.text.includes('next'));
    const filling = fill(stage.dataFolder);
    await refused(await stage.order(stage.bob), /can't take orders .* disk .* Nothing that I have accepted is lost/);
    await refused(await stage.order(stage.newcomer('Berta', 'de')), /keine Aufträge annehmen .* geht nicht verloren/);
    expect((await problems()).database).toMatch(
      `no space left for the database ${join(stage.dataFolder, 'whitewalker.db')}`,
    );
    const { message } = cancelled;
    if (message === undefined) throw new Error('There is no message');
    await stage.mormont.click(message, 'Cancel');
    await stage.bot.untilLogged('a job waits for the disk');
    await rm(filling);

    expectDeliveredOnce(await painted(order));
    await cancelled.until(({ message }) => message?.text.includes('ancelled'));
    expectDeliveredOnce(await painted(await stage.order(stage.bob)));
    expect(await problems()).toEqual({});
    const errors = JSON.stringify(stage.bot.log.filter(({ level }) => Number(level) >= 50));
    expect(errors).toContain(`There is no space left for the database ${stage.dataFolder}`);
    expect(errors).toContain(`can't be kept in ${join(stage.dataFolder, 'jobs')} (the disk is full)`);
  });

  it.skipIf(process.platform !== 'linux')('refuses to write takes no orders until it writes again', async () => {
    await set();
    const order = await running(await stage.order(stage.alice, long));
    // From here on, the system refuses what makes any file longer.
    const limit = (bytes: string) => execFileSync('prlimit', [`--pid=${stage.bot.child.pid}`, `--fsize=${bytes}:`]);
    limit('1');
    await refused(await stage.order(stage.bob), /can't take orders/);
    expect((await problems()).database).toMatch(/The disk of the database .*whitewalker\.db does not read or write/);
    await stage.bot.untilLogged('a job waits for the disk');
    limit('unlimited');
    expectDeliveredOnce(await painted(order));
    expect(await problems()).toEqual({});
  });

  it('takes no pictures has jobs wait, takes no more orders, and goes on once it does', async () => {
    await set();
    const folder = join(stage.dataFolder, 'jobs');
    await rm(folder, { recursive: true, force: true });
    await writeFile(folder, 'This is in the way.');
    const order = await stage.order(stage.alice);
    await stage.bot.untilLogged('a job waits for the disk');
    await refused(await stage.order(stage.bob), /can't take orders/);
    expect((await problems()).files).toMatch(`The pictures of jobs can't be kept in ${folder}`);
    await rm(folder);
    expectDeliveredOnce(await painted(order));
    expectDeliveredOnce(await painted(await stage.order(stage.bob)));
    expect(await problems()).toEqual({});
  });
});
