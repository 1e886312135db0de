import { on } from 'node:events';
import { ApplicationCommandType, Client, GatewayOpcodes } from 'discord.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { Channel } from '../../src/local-discord/channel.js';
import type { Guild } from '../../src/local-discord/guild.js';
import type { Discord } from '../../src/local-discord/server.js';
import { picture, Scene, saying } from './scene.js';

let scene: Scene;
let discord: Discord;
let guild: Guild;
let channel: Channel;

beforeEach(async () => {
  scene = await Scene.open();
  ({ discord, guild, channel } = scene);
});

afterEach(() => scene.close());

describe('a bot', () => {
  it('logs in and finds itself, its server and its channel', async () => {
    await discord.ready();
    expect(scene.client.user.id).toBe(discord.botUser.id);
    expect(scene.client.application.id).toBe(discord.applicationId);
    expect(scene.client.guilds.cache.get(guild.id)?.channels.cache.get(channel.id)?.name).toBe('godswood');
    discord.assertCorrect();
  });

  it('is turned away with a wrong token', async () => {
    await expect(new Client({ intents: [], rest: { api: discord.apiUrl } }).login('wrong')).rejects.toThrow();
  });

  it('registers commands, and gets them back', async () => {
    await discord.commandsRegistered('global');
    const registered = await scene.client.application.commands.fetch();
    expect(registered.map(({ name }) => name)).toEqual(['paint', 'settings', 'Paint this', 'Paint them']);
    const [first] = registered.values();
    expect(first?.options[0]).toMatchObject({ name: 'content', required: true, fileTypes: ['image'] });
    await scene.client.application.commands.create({ name: 'help', description: 'Helps' }, guild.id);
    expect(discord.world.commands.find('help', ApplicationCommandType.ChatInput, guild.id)?.guild_id).toBe(guild.id);
    discord.assertCorrect();
  });

  it('writes, edits and deletes messages of its own, and once only with an enforced nonce', async () => {
    const sendable = await scene.client.channels.fetch(channel.id);
    if (!sendable?.isSendable()) throw new Error('not sendable');
    const options = {
      content: 'Winter is coming',
      nonce: '7',
      enforceNonce: true,
      files: [{ attachment: picture, name: 'w.png' }],
    };
    const [first, second] = await Promise.all([sendable.send(options), sendable.send(options)]);
    expect(second.id).toBe(first.id);
    await first.edit({ content: 'Winter is here', attachments: [...first.attachments.values()] });
    expect(channel.messages.map(({ content }) => content)).toEqual(['Winter is here']);
    expect(channel.messages[0]?.attachments[0]).toMatchObject({ name: 'w.png', width: 8, height: 6 });
    await first.delete();
    expect(channel.messages).toHaveLength(0);
    discord.assertCorrect();
  });

  it('finds everything in the form that Discord describes', async () => {
    const bob = discord.createUser({ name: 'Bob' });
    await (await scene.client.users.createDM(bob.id)).send('hello');
    const application = discord.applicationId;
    const routes = [
      '/gateway',
      '/gateway/bot',
      '/applications/@me',
      '/oauth2/applications/@me',
      '/users/@me',
      `/users/${bob.id}`,
      `/channels/${channel.id}`,
      `/channels/${channel.id}/messages`,
      `/guilds/${guild.id}`,
      `/guilds/${guild.id}/channels`,
      `/applications/${application}/commands`,
      `/applications/${application}/commands/${scene.client.application.commands.cache.firstKey()}`,
    ] as const;
    for (const route of routes) await scene.client.rest.get(route);
    discord.assertCorrect();
  });

  it('may not post where its permissions do not reach', async () => {
    const quiet = guild.createChannel({ name: 'crypt', botPermissions: ['ViewChannel'] });
    const hidden = guild.createChannel({ name: 'vault', botPermissions: [] });
    const post = (id: string) => scene.client.rest.post(`/channels/${id}/messages`, { body: { content: 'hm' } });
    await expect(post(quiet.id)).rejects.toMatchObject({ code: 50013, status: 403 });
    await expect(post(hidden.id)).rejects.toMatchObject({ code: 50001, status: 403 });
    await expect(post('1')).rejects.toMatchObject({ code: 10003, status: 404 });
  });
});

describe('the gateway', () => {
  it('is resumed after it was cut, and nothing is lost meanwhile', async () => {
    scene.answer = saying('I am back');
    discord.gateway.drop();
    const interaction = await scene.paint();
    await interaction.acknowledged;
    expect(discord.gateway).toMatchObject({ identified: 1, resumed: 1 });
    discord.gateway.reconnect();
    await discord.until(() => discord.gateway.resumed === 2);
    await (await scene.paint()).acknowledged;
    discord.assertCorrect();
  });

  it('gives a bot that begins anew a session of its own', async () => {
    scene.answer = saying('as new');
    await scene.client.destroy();
    await scene.logIn();
    await (await scene.paint()).acknowledged;
    expect(discord.gateway).toMatchObject({ identified: 2, resumed: 0 });
  });

  it('takes up no session that it has forgotten', async () => {
    const socket = new WebSocket(`${discord.cdnOrigin.replace('http', 'ws')}/gateway?v=10&encoding=json`);
    const messages = on(socket, 'message');
    const next = async (op: number) => {
      while (true) {
        const { value: arguments_ } = await messages.next();
        const message = JSON.parse(String(arguments_[0]));
        if (message.op === op) return message.d;
      }
    };
    const { token } = discord;
    expect(await next(GatewayOpcodes.Hello)).toHaveProperty('heartbeat_interval');
    socket.send(JSON.stringify({ op: GatewayOpcodes.Resume, d: { token, session_id: 'forgotten', seq: 1 } }));
    expect(await next(GatewayOpcodes.InvalidSession)).toBe(false);
    socket.send(JSON.stringify({ op: GatewayOpcodes.Identify, d: { token, intents: 0, properties: {} } }));
    expect(await next(GatewayOpcodes.Dispatch)).toMatchObject({ user: { id: discord.botUser.id } });
    socket.send(JSON.stringify({ op: GatewayOpcodes.Heartbeat, d: 1 }));
    await next(GatewayOpcodes.HeartbeatAck);
    discord.gateway.forgetSession();
    expect(await next(GatewayOpcodes.InvalidSession)).toBe(false);
    socket.terminate();
  });
});

describe('the rate limit', () => {
  async function openWith(windowMs: number): Promise<void> {
    await scene.close();
    scene = await Scene.open({ rateLimits: { postMessage: { limit: 2, windowMs } } });
    ({ discord, channel } = scene);
  }

  it('is enforced', async () => {
    await openWith(3_600_000);
    const post = (content: string) =>
      fetch(`${discord.apiUrl}/v10/channels/${channel.id}/messages`, {
        method: 'POST',
        headers: { authorization: `Bot ${discord.token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ content }),
      });
    const answers = await Promise.all(['a', 'b', 'c'].map(post));
    const refused = answers.find(({ status }) => status === 429);
    expect(answers.filter(({ ok }) => ok)).toHaveLength(2);
    expect(await refused?.json()).toMatchObject({ global: false, retry_after: expect.any(Number) });
    expect(refused?.headers.get('x-ratelimit-remaining')).toBe('0');
  });

  it('is kept to by discord.js', async () => {
    await openWith(500);
    const sendable = await scene.client.channels.fetch(channel.id);
    if (!sendable?.isSendable()) throw new Error('not sendable');
    await Promise.all(['d', 'e', 'f', 'g'].map((text) => sendable.send(text)));
    expect(channel.messages).toHaveLength(4);
  });
});
