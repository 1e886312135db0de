import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { painted, running, Stage } from '../bot/stage.js';
import { whitewalker } from '../command-line/program.js';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.set();
});
afterAll(async () => {
  stage.discord.assertCorrect();
  await stage.strike();
});

const run = (...args: readonly string[]) =>
  whitewalker(stage.dataFolder, args, { environment: { DATA_DIR: stage.dataFolder } });

describe('whitewalker backup', () => {
  it('of a bot that runs brings back settings and jobs where its database is lost', async () => {
    expect(await stage.settings('size', { max: 128 })).toContain('up to 128 pixels');
    const order = await running(await stage.order(stage.alice, { quality: 'high', epochs: 8 }));
    const backup = await run('backup', 'backup.db');
    expect(backup.stderr).toBe('');
    expect(backup.stdout).toMatch(/^Backed up .+ to backup\.db and checked it: .*jobs: 1, servers with settings: 1/);
    await stage.bot.kill();
    for (const name of ['', '-wal', '-shm']) {
      await rm(join(stage.dataFolder, `whitewalker.db${name}`), { force: true });
    }
    expect(await run('restore', 'backup.db')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Restored .+/) });
    await stage.restart();
    expect(await stage.settings('show')).toContain('up to 128 pixels');
    await painted(order);
  });
});
