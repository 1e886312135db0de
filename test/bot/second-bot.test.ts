import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lockDataFolder } from '../../src/database/data-folder-lock.js';
import { type Discord, startDiscord } from '../../src/local-discord/server.js';
import { whilePatient } from '../patience.js';
import { newDataFolder, RunningBot, removeDataFolder } from './running-bot.js';

let discord: Discord;
let folder: string;
beforeAll(async () => {
  discord = await startDiscord({ patience: whilePatient });
  folder = await newDataFolder();
});
afterAll(async () => {
  discord.assertCorrect();
  await discord.stop();
  await removeDataFolder(folder);
});

describe('a second bot with the same data folder', () => {
  it('does not start, and says who has it and what to do', async () => {
    const first = await RunningBot.start(discord, folder);
    const second = RunningBot.launch(discord, folder);
    expect(await second.ended).toBe(1);
    expect(second.output).toMatch(
      new RegExp(
        `^whitewalker: Another whitewalker \\(process ${first.child.pid} on .+, since 20.+Z\\) works with .+$`,
        'm',
      ),
    );
    expect(second.output).toContain('DATA_DIR');
    expect(second.output).not.toMatch(/\n\s+at /);
    await first.kill();
  });

  it('starts after the first was killed, whatever process has its id now', async () => {
    // The first one was killed at the end of the test before.
    const holder = { pid: process.pid, host: 'elsewhere', since: new Date().toISOString() };
    await writeFile(join(folder, 'whitewalker.lock.json'), JSON.stringify(holder));
    const second = await RunningBot.start(discord, folder);
    await second.stop();
  });

  it('may have the folder once the first lets go of it', () => {
    lockDataFolder(folder).release();
    const lock = lockDataFolder(folder);
    expect(() => lockDataFolder(folder)).toThrow(expect.objectContaining({ domain: 'database', code: 'busy' }));
    lock.release();
    lock.release();
    lockDataFolder(folder).release();
  });

  it('starts where the file that names the first says nonsense', async () => {
    const lock = lockDataFolder(folder);
    await writeFile(join(folder, 'whitewalker.lock.json'), '{"pid":');
    expect(() => lockDataFolder(folder)).toThrow(/^Another whitewalker works with the data folder/);
    lock.release();
  });
});
