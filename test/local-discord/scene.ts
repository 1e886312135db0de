import {
  ApplicationCommandType,
  ApplicationIntegrationType,
  Client,
  type Interaction as ClientInteraction,
  ContextMenuCommandBuilder,
  GatewayIntentBits,
  PermissionFlagsBits,
  SlashCommandBuilder,
} from 'discord.js';
import sharp from 'sharp';
import type { Channel } from '../../src/local-discord/channel.js';
import type { Guild } from '../../src/local-discord/guild.js';
import type { Interaction } from '../../src/local-discord/interaction.js';
import type { Person } from '../../src/local-discord/person.js';
import { type Discord, type DiscordOptions, startDiscord } from '../../src/local-discord/server.js';
import { whilePatient } from '../patience.js';

const background = { width: 8, height: 6, channels: 3, background: 'teal' } as const;

/** A PNG of 8×6 pixels, as bytes. */
export const picture = await sharp({ create: background }).png().toBuffer();
export const upload = { bytes: picture, name: 'a.png' };

const commands = [
  new SlashCommandBuilder()
    .setName('paint')
    .setDescription('Paints')
    .setIntegrationTypes(ApplicationIntegrationType.GuildInstall, ApplicationIntegrationType.UserInstall)
    .addAttachmentOption((option) =>
      option.setName('content').setDescription('What').setRequired(true).addFileTypes('image'),
    )
    .addStringOption((option) => option.setName('preset').setDescription('How').setAutocomplete(true))
    .addIntegerOption((option) => option.setName('epochs').setDescription('Steps').setMinValue(1).setMaxValue(500)),
  new SlashCommandBuilder()
    .setName('settings')
    .setDescription('Settings')
    .setDefaultMemberPermissions(PermissionFlagsBits.ManageGuild)
    .addSubcommand((sub) =>
      sub
        .setName('epochs')
        .setDescription('Epochs')
        .addIntegerOption((option) => option.setName('max').setDescription('Most').setRequired(true)),
    ),
  new ContextMenuCommandBuilder().setName('Paint this').setType(ApplicationCommandType.Message),
  new ContextMenuCommandBuilder().setName('Paint them').setType(ApplicationCommandType.User),
].map((command) => command.toJSON());

/** The scene of the local Discord's own tests: a server, a channel, Alice, and a plain discord.js client as bot. */
export class Scene {
  readonly guild: Guild;
  readonly channel: Channel;
  readonly alice: Person;
  /** The bot's reaction to an interaction; it does nothing until a test sets it. */
  answer: (interaction: ClientInteraction) => Promise<unknown> = async () => undefined;
  /** The bot's discord.js client, once it is logged in. */
  client: Client<true>;
  readonly #troubles: unknown[] = [];
  #noticeTrouble: () => void = () => undefined;

  private constructor(
    readonly discord: Discord,
    client: Client<true>,
  ) {
    this.client = client;
    this.guild = discord.createGuild({ name: 'Winterfell' });
    this.channel = this.guild.createChannel({ name: 'godswood' });
    this.alice = discord.createUser({ name: 'Alice', avatar: picture });
    this.guild.join(this.alice);
  }

  static async open(options: DiscordOptions = {}): Promise<Scene> {
    const discord = await startDiscord({ checksAnswers: true, patience: whilePatient, ...options });
    const scene = new Scene(discord, new Client<true>({ intents: [] }));
    await scene.logIn();
    await scene.client.application.commands.set(commands);
    return scene;
  }

  async logIn(): Promise<void> {
    const client = new Client({
      intents: [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMessages],
      rest: { api: this.discord.apiUrl, cdn: this.discord.cdnOrigin },
    });
    client.on('interactionCreate', (interaction) => {
      this.answer(interaction).catch((error) => {
        this.#troubles.push(error);
        this.#noticeTrouble();
      });
    });
    const isReady = new Promise<Client<true>>((resolve) => client.once('clientReady', resolve));
    await client.login(this.discord.token);
    this.client = await isReady;
  }

  /** Waits for the next error that the bot ran into while it answered, and returns it. */
  async trouble(): Promise<unknown> {
    if (this.#troubles.length === 0) {
      await new Promise<void>((resolve) => {
        this.#noticeTrouble = resolve;
      });
    }
    return this.#troubles.shift();
  }

  paint(): Promise<Interaction> {
    return this.alice.in(this.channel).command('paint', { content: upload });
  }

  /**
   * Ends the bot and the local Discord.
   * @throws whatever the bot ran into and no test has taken by {@link trouble}.
   */
  async close(): Promise<void> {
    await this.client.destroy();
    await this.discord.stop();
    if (this.#troubles.length > 0) throw this.#troubles[0];
  }
}

/** Returns a reaction by which the bot replies with this text. */
export const saying = (text: string) => async (interaction: ClientInteraction) => {
  if (interaction.isRepliable()) await interaction.reply(text);
};
