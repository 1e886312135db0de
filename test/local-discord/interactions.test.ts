import {
  ActionRowBuilder,
  type AutocompleteInteraction,
  ButtonBuilder,
  ButtonStyle,
  type ChatInputCommandInteraction,
  ContainerBuilder,
  FileUploadBuilder,
  InteractionContextType,
  LabelBuilder,
  MediaGalleryBuilder,
  MessageFlags,
  ModalBuilder,
  StringSelectMenuBuilder,
  TextInputBuilder,
  TextInputStyle,
} from 'discord.js';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Channel } from '../../src/local-discord/channel.js';
import { RefusedByClientError } from '../../src/local-discord/client-error.js';
import type { Guild } from '../../src/local-discord/guild.js';
import type { Person } from '../../src/local-discord/person.js';
import type { Discord } from '../../src/local-discord/server.js';
import { picture, Scene, saying, upload } from './scene.js';

let scene: Scene;
let discord: Discord;
let guild: Guild;
let channel: Channel;
let alice: Person;

beforeEach(async () => {
  scene = await Scene.open();
  ({ discord, guild, channel, alice } = scene);
});

afterEach(() => scene.close());

describe('a slash command', () => {
  it('is deferred, worked on and answered with files', async () => {
    scene.answer = async (interaction) => {
      const command = interaction as ChatInputCommandInteraction;
      expect(command.memberPermissions?.has('SendMessages')).toBe(true);
      expect(command.attachmentSizeLimit).toBe(10 * 2 ** 20);
      await command.deferReply();
      const { url } = command.options.getAttachment('content', true);
      const bytes = Buffer.from(await (await fetch(url)).arrayBuffer());
      await command.editReply({ content: 'half', files: [{ attachment: bytes, name: 'half.png' }] });
      const whole = { attachment: bytes, name: 'SPOILER_whole.png', description: 'all of it' };
      await command.editReply({ content: 'done', attachments: [], files: [whole] });
      await command.followUp({ content: 'psst', flags: MessageFlags.Ephemeral });
    };
    const interaction = await alice.in(channel).command('paint', { content: upload, epochs: 50, preset: 'ice' });
    await interaction.until(({ followUps }) => followUps.length === 1);
    const { message } = interaction;
    expect(interaction.acknowledgedAfterMs).toBeGreaterThan(0);
    expect(message?.edits.map(({ content, files }) => [content, files.map(({ name }) => name)])).toEqual([
      ['half', ['half.png']],
      ['done', ['SPOILER_whole.png']],
    ]);
    const [file] = message?.attachments ?? [];
    expect(file).toMatchObject({ description: 'all of it', spoiler: true });
    expect(discord.bytesOf(file ?? { id: '' })).toEqual(new Uint8Array(picture));
    expect(channel.messages).toEqual([message]);
    expect(interaction.followUps[0]?.isEphemeral).toBe(true);
    discord.assertCorrect();
  });

  it('is answered with new components, which stay', async () => {
    scene.answer = async (interaction) => {
      if (!interaction.isChatInputCommand()) return;
      await interaction.deferReply();
      const gallery = new MediaGalleryBuilder().addItems({ media: { url: 'attachment://a.png' }, description: 'alt' });
      const components = [new ContainerBuilder().addMediaGalleryComponents(gallery)];
      await interaction.editReply({ components, files: [{ ...file }], flags: MessageFlags.IsComponentsV2 });
      await interaction.editReply({ content: 'old' });
    };
    const file = { attachment: picture, name: 'a.png' };
    const interaction = await scene.paint();
    expect(await scene.trouble()).toMatchObject({ code: 50035 });
    expect(discord.violations).toEqual([expect.stringContaining('content: cannot be used with IS_COMPONENTS_V2')]);
    expect(JSON.stringify(interaction.message?.components)).toContain(`${discord.cdnOrigin}/attachments/`);
  });

  it('is answered in time, each of 200 at once', async () => {
    scene.answer = saying('yes');
    const people = Array.from({ length: 200 }, (_, number) => discord.createUser({ name: `Wildling ${number}` }));
    for (const person of people) guild.join(person);
    const used = await Promise.all(people.map((person) => person.in(channel).command('paint', { content: upload })));
    await Promise.all(used.map(({ acknowledged }) => acknowledged));
    expect(channel.messages).toHaveLength(200);
    discord.assertCorrect();
  });

  it('is not sent where Discord would not let it through', async () => {
    const here = alice.in(channel);
    const refused = [
      here.command('paint'),
      here.command('paint', { content: { ...upload, name: 'a.txt' } }),
      here.command('paint', { content: upload, epochs: 501 }),
      here.command('paint', { content: upload, epochs: 1.5 }),
      here.command('paint', { content: upload, speed: 3 }),
      here.command('settings', { max: 3 }, { subcommand: 'epochs' }),
      here.command('nothing'),
      alice.in(discord.createGuild({ name: 'Elsewhere', hasBot: false }).createChannel({ name: 'x' })).command('paint'),
    ];
    for (const each of await Promise.allSettled(refused)) {
      expect(each).toMatchObject({ reason: expect.any(RefusedByClientError) });
    }
  });

  it('suggests while somebody types', async () => {
    scene.answer = async (interaction) => {
      const completion = interaction as AutocompleteInteraction;
      const { name, value } = completion.options.getFocused(true);
      await completion.respond([{ name: `${name}: ${value}`, value: 'white-walker' }]);
    };
    const choices = await alice.in(channel).autocomplete('paint', 'preset', 'whi', { content: upload });
    expect(choices).toEqual([{ name: 'preset: whi', value: 'white-walker' }]);
    discord.assertCorrect();
  });

  it('comes from direct messages, and from servers where only a person brings the bot along', async () => {
    scene.answer = async (interaction) => {
      const { guildId, userId } = interaction.authorizingIntegrationOwners;
      const owner = userId ? 'by a person' : guildId === '0' ? 'in direct messages' : 'by a server';
      if (interaction.isRepliable()) await interaction.reply(`${interaction.context} ${owner}`);
    };
    const foreign = discord.createGuild({ name: 'Essos', hasBot: false }).createChannel({ name: 'pits' });
    foreign.guild?.join(alice);
    const bob = discord.createUser({ name: 'Bob' });
    const hereAndThere = [
      alice.inDirectMessages(),
      alice.in(foreign, { userInstalled: true }),
      alice.in(discord.createPrivateChannel([alice, bob]), { userInstalled: true }),
    ];
    const texts: (string | undefined)[] = [];
    for (const each of hereAndThere) {
      const interaction = await each.command('paint', { content: upload });
      await interaction.acknowledged;
      texts.push(interaction.message?.content);
    }
    expect(texts).toEqual([
      `${InteractionContextType.BotDM} in direct messages`,
      `${InteractionContextType.Guild} by a person`,
      `${InteractionContextType.PrivateChannel} by a person`,
    ]);
    discord.assertCorrect();
  });

  it('fails when there is no bot', async () => {
    await scene.client.destroy();
    await discord.until(() => !discord.gateway.isConnected);
    const interaction = await scene.paint();
    await expect(interaction.acknowledged).rejects.toThrow('did not respond');
  });
});

describe('menus, buttons and modals', () => {
  it('takes a message, also one that was passed on, or a user from a menu', async () => {
    scene.answer = async (interaction) => {
      if (interaction.isMessageContextMenuCommand()) {
        const { targetMessage } = interaction;
        const from = targetMessage.messageSnapshots.first() ?? targetMessage;
        await interaction.reply(`${from.attachments.first()?.name}`);
      } else if (interaction.isUserContextMenuCommand()) {
        const url = interaction.targetUser.displayAvatarURL({ extension: 'png', size: 512 });
        const { width } = await sharp(await (await fetch(url)).arrayBuffer()).metadata();
        await interaction.reply(`${width}`);
      }
    };
    const posted = await alice.in(channel).post({ content: 'look', files: [upload] });
    const passedOn = await alice.in(channel).post({ forwardOf: posted });
    const bob = discord.createUser({ name: 'Bob' });
    const used = [
      await alice.in(channel).messageMenu('Paint this', posted),
      await alice.in(channel).messageMenu('Paint this', passedOn),
      await alice.in(channel).userMenu('Paint them', alice),
      await alice.in(channel).userMenu('Paint them', bob),
    ];
    for (const interaction of used) await interaction.acknowledged;
    expect(used.map(({ message }) => message?.content)).toEqual(['a.png', 'a.png', '8', '256']);
    discord.assertCorrect();
  });

  it('presses buttons, chooses, and fills in a modal with a file', async () => {
    const button = new ButtonBuilder().setCustomId('again').setLabel('Again').setStyle(ButtonStyle.Primary);
    const menu = new StringSelectMenuBuilder()
      .setCustomId('which')
      .addOptions({ label: 'One', value: '1' }, { label: 'Two', value: '2' });
    const modal = new ModalBuilder()
      .setCustomId('modal')
      .setTitle('Again with…')
      .addLabelComponents(
        new LabelBuilder()
          .setLabel('Epochs')
          .setTextInputComponent(new TextInputBuilder().setCustomId('epochs').setStyle(TextInputStyle.Short)),
        new LabelBuilder().setLabel('Style').setFileUploadComponent(new FileUploadBuilder().setCustomId('style')),
      );
    scene.answer = async (interaction) => {
      if (interaction.isChatInputCommand()) {
        const rows = [
          new ActionRowBuilder<ButtonBuilder>().addComponents(button),
          new ActionRowBuilder<StringSelectMenuBuilder>().addComponents(menu),
        ];
        await interaction.reply({ content: 'first', components: rows });
      } else if (interaction.isButton()) {
        await interaction.showModal(modal);
      } else if (interaction.isStringSelectMenu()) {
        await interaction.update(`chose ${interaction.values}`);
      } else if (interaction.isModalSubmit() && interaction.isFromMessage()) {
        const [file] = interaction.fields.getUploadedFiles('style', true).values();
        await interaction.deferUpdate();
        await interaction.editReply(`${interaction.fields.getTextInputValue('epochs')} ${file?.name}`);
      }
    };
    const command = await scene.paint();
    await command.acknowledged;
    const { message } = command;
    if (!message) throw new Error('no message');
    await (await alice.select(message, 'which', ['2'])).acknowledged;
    expect(message.content).toBe('chose 2');
    await expect(alice.select(message, 'which', ['3'])).rejects.toThrow('no option "3"');
    const opener = await alice.click(message, 'Again');
    await expect(alice.submit(opener, { epochs: '20' })).rejects.toThrow('"style" is required');
    await alice.submit(opener, { epochs: '20', style: upload });
    await discord.until(() => message.content === '20 a.png');
    await expect(alice.click(message, 'Delete')).rejects.toThrow('no button "Delete"');
    discord.assertCorrect();
  });
});

describe('the rules of interactions', () => {
  it('allow one acknowledgement', async () => {
    scene.answer = async (interaction) => {
      if (!interaction.isRepliable()) return;
      await interaction.reply('once');
      await scene.client.rest.post(`/interactions/${interaction.id}/${interaction.token}/callback`, {
        body: { type: 4, data: { content: 'twice' } },
        auth: false,
      });
    };
    await scene.paint();
    expect(await scene.trouble()).toMatchObject({ code: 40060, status: 400 });
    expect(discord.violations.join()).toContain('already acknowledged');
    expect(channel.messages.map(({ content }) => content)).toEqual(['once']);
  });

  it('refuse an acknowledgement that comes too late', async () => {
    scene.answer = async (interaction) => {
      discord.advance(3_001);
      await saying('late')(interaction);
    };
    const interaction = await scene.paint();
    await expect(interaction.acknowledged).rejects.toThrow('did not respond');
    expect(await scene.trouble()).toMatchObject({ code: 10062 });
    expect(discord.violations.join()).toContain('too late');
  });

  it('let a token run out, after which the channel is still open', async () => {
    scene.answer = async (interaction) => {
      const command = interaction as ChatInputCommandInteraction;
      const response = await command.deferReply({ withResponse: true });
      discord.advance(15 * 60_000);
      await expect(command.editReply('late')).rejects.toMatchObject({ code: 50027, status: 401 });
      const id = response?.interaction.responseMessageId ?? '';
      await command.channel?.messages.edit(id, 'in the channel');
    };
    const interaction = await scene.paint();
    await interaction.until(({ message }) => message?.content === 'in the channel');
    discord.assertCorrect();
  });

  it('keep ephemeral messages from the channel', async () => {
    scene.answer = async (interaction) => {
      if (!interaction.isRepliable()) return;
      await interaction.deferReply({ flags: MessageFlags.Ephemeral });
      const { id } = await interaction.editReply('secret');
      await scene.client.rest.get(`/channels/${channel.id}/messages/${id}`);
    };
    const interaction = await scene.paint();
    expect(await scene.trouble()).toMatchObject({ code: 10008 });
    expect(interaction.message?.isEphemeral).toBe(true);
    expect(channel.messages).toEqual([]);
  });

  it('limit what one file may have', async () => {
    guild.attachmentSizeLimit = 1000;
    scene.answer = async (interaction) => {
      if (!interaction.isRepliable()) return;
      await interaction.reply({ files: [{ attachment: Buffer.alloc(1001), name: 'large.bin' }] });
    };
    await scene.paint();
    expect(await scene.trouble()).toMatchObject({ code: 40005, status: 413 });
    expect(discord.violations.join()).toContain('large.bin has 1001 bytes');
  });
});
