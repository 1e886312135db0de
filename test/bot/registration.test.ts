import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commands as table } from '../../src/command-table.js';
import { type Discord, startDiscord } from '../../src/local-discord/server.js';
import { requireBuild } from '../command-line/program.js';
import { ProgramHost } from '../command-line/program-host.js';
import { whilePatient } from '../patience.js';
import { newDataFolder, RunningBot, removeDataFolder } from './running-bot.js';

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
    expect((await commands('clear')).stdout).toMatch(
      /^Removed all commands for all servers\. `whitewalker commands deploy`/,
    );
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

  it('finds those that an earlier DISCORD_GUILD_ID left in a server, and clears them as well', async () => {
    const { id } = discord.createGuild({ name: 'Harrenhal' });
    await commands('deploy', { DISCORD_GUILD_ID: id });
    await commands('deploy');
    const { stdout } = await commands('clear');
    expect(stdout).toMatch(/^Removed all commands for all servers, .*in the server "Harrenhal" \(\d+\)/);
    expect([discord.world.commands.list('global'), discord.world.commands.list(id)]).toEqual([[], []]);
    expect((await commands('clear')).stdout).toBe('There are no commands anywhere.\n');
  });

  it('finds them in more servers than Discord lists at once', async () => {
    for (let number = 0; number < 200; number++) discord.createGuild({ name: `Castle ${number}` });
    const { id } = discord.createGuild({ name: 'The last one' });
    await commands('deploy', { DISCORD_GUILD_ID: id });
    expect((await commands('clear')).stdout).toMatch(/^Removed all commands in the server "The last one"/);
  });

  it('are those of a single server no more once the bot starts without DISCORD_GUILD_ID', async () => {
    const { id } = discord.createGuild({ name: 'Riverrun' });
    await commands('deploy', { DISCORD_GUILD_ID: id });
    const bot = await RunningBot.start(discord, folder);
    await bot.stop();
    expect(discord.world.commands.list(id)).toEqual([]);
    expect(discord.world.commands.list('global')).toHaveLength(table.length);
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
