import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { archiveOf, readArchive } from '../../src/local-discord/archive.js';
import type { Discord } from '../../src/local-discord/server.js';
import { startDiscord } from '../../src/local-discord/server.js';
import { picture, Scene, upload } from './scene.js';

describe('a local Discord that is kept', () => {
  let scene: Scene;
  let later: Discord | undefined;

  beforeEach(async () => {
    scene = await Scene.open();
  });

  afterEach(async () => {
    await later?.stop();
  });

  /** Ends the Discord and starts another one with what was kept. */
  async function reopened(): Promise<Discord> {
    const { discord } = scene;
    const json = archiveOf(discord);
    await scene.close();
    later = await startDiscord({ archive: await readArchive(json, async (id) => discord.bytesOf({ id })) });
    return later;
  }

  it('has the same people, places, messages, files and commands, and lets the same bot in', async () => {
    scene.answer = async (interaction) =>
      interaction.isRepliable() &&
      interaction.reply({ content: 'Done', files: [{ attachment: picture, name: 'b.png' }] });
    const used = await scene.paint();
    await used.acknowledged;
    await scene.alice.in(scene.channel).post({ content: 'Look', files: [upload] });
    scene.discord.advance(60_000);
    const { discord: before, guild, channel, alice } = scene;
    const described = (discord: Discord) => {
      const { world } = discord;
      const json = JSON.stringify({
        guilds: [...world.guilds.values()].map((each) => [each.toApi(), each.memberToApi(alice)]),
        channels: [...world.channels.values()].map((each) => each.toApi()),
        users: [...world.users.values()].map((each) => each.toApi()),
        messages: [...world.channels.values()].flatMap(({ messages }) =>
          messages.map((each) => ({ ...each.toApi(), attachments: each.attachments })),
        ),
        commands: world.commands.list('global'),
        permissions: world.guilds.get(guild.id)?.permissionsOf(alice).toString(),
      });
      return JSON.parse(json.replaceAll(discord.cdnOrigin, ''));
    };
    const known = described(before);
    const after = await reopened();
    expect(described(after)).toEqual(known);
    expect(after).toMatchObject({ token: before.token, applicationId: before.applicationId });
    expect(after.world.clock.aheadMs).toBe(60_000);
    const [, answer] = after.world.channels.get(channel.id)?.messages ?? [];
    expect(answer?.attachments).toHaveLength(1);
  });

  it('lets the bot edit an answer that it gave before, by the address that it was given then', async () => {
    scene.answer = async (interaction) => interaction.isRepliable() && interaction.deferReply();
    const used = await scene.paint();
    await used.acknowledged;
    const [file] = scene.discord.world.files.all;
    const address = new URL(scene.discord.world.files.url(file ?? expect.fail()));
    const discord = await reopened();
    const { origin } = used;
    const response = await fetch(
      `${discord.apiUrl}/v10/webhooks/${discord.applicationId}/${origin.token}/messages/@original`,
      {
        method: 'PATCH',
        headers: { 'content-type': 'application/json', 'user-agent': 'test' },
        body: JSON.stringify({ content: 'Late, but here' }),
      },
    );
    expect(response.status).toBe(200);
    const channel = discord.world.channels.get(scene.channel.id);
    expect(channel?.messages.map(({ content }) => content)).toEqual(['Late, but here']);
    expect((await fetch(`${discord.cdnOrigin}${address.pathname}${address.search}`)).status).toBe(200);
  });
});
