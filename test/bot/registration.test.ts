import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commands as table } from '../../src/command-table.js';
import { type Discord, startDiscord } from '../../src/local-discord/server.js';
import { requireBuild } from '../command-line/program.js';
import { ProgramHost } from '../command-line/program-host.js';
import { whilePatient } from '../patience.js';
import { newDataFolder, removeDataFolder } from './running-bot.js';

let discord: Discord;
let folder: string;
let host: ProgramHost;
beforeAll(async () => {
  requireBuild();
  discord = await startDiscord({ patience: whilePatient });
  folder = await newDataFolder();
  host = new ProgramHost(folder);
});
afterAll(async () => {
  await host.end();
  discord.assertCorrect();
  await discord.stop();
  await removeDataFolder(folder);
});

const commands = (action: string, environment: Readonly<Record<string, string>> = {}) =>
  host.run(['commands', action], {
    DISCORD_TOKEN: discord.token,
    DISCORD_API_URL: discord.apiUrl,
    DATA_DIR: folder,
    ...environment,
  });

describe('whitewalker commands', () => {
  it('deploys, lists and clears the commands of all servers', async () => {
    expect((await commands('list')).stdout).toBe('There are no commands for all servers.\n');
    expect((await commands('deploy')).stdout).toBe(`Registered ${table.length} commands for all servers.\n`);
    const { code, stdout } = await commands('list');
    expect([code, stdout.split('\n')]).toEqual([0, [...table.map(({ data }) => data.name), '']]);
    expect((await commands('clear')).stdout).toBe('Removed all commands for all servers.\n');
    expect((await commands('list')).stdout).toBe('There are no commands for all servers.\n');
  });

  it('does so in one server, where DISCORD_GUILD_ID names it', async () => {
    const { id } = discord.createGuild({ name: 'Winterfell' });
    const environment = { DISCORD_GUILD_ID: id };
    expect((await commands('deploy', environment)).stdout).toBe(
      `Registered ${table.length} commands in the server ${id}.\n`,
    );
    expect(discord.world.commands.isRegistered(id)).toBe(true);
    expect((await commands('list')).stdout).toContain('There are no commands');
  });

  it.each([
    ['no token', { DISCORD_TOKEN: '' }, 2, /DISCORD_TOKEN is not set/],
    ['a wrong token', { DISCORD_TOKEN: 'wrong' }, 1, /DISCORD_TOKEN/],
    ['a server id that is none', { DISCORD_GUILD_ID: 'Winterfell' }, 2, /DISCORD_GUILD_ID is "Winterfell"/],
    ['a place where no Discord is', { DISCORD_API_URL: 'http://127.0.0.1:9' }, 1, /can't be reached/],
  ])('says what is wrong with %s', async (_what, environment, exitCode, text) => {
    const { code, stdout, stderr } = await commands('list', environment);
    expect([code, stdout]).toEqual([exitCode, '']);
    expect(stderr).toMatch(text);
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});
