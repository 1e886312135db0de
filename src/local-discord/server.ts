import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GatewayCloseCodes } from 'discord.js';
import { type Archive, restore } from './archive.js';
import type { Channel } from './channel.js';
import type { CommandScope } from './command-store.js';
import { Faults } from './faults.js';
import { Gateway } from './gateway.js';
import type { Guild, GuildOptions } from './guild.js';
import { HttpHandler, type RequestRecord } from './http-handler.js';
import type { Interaction } from './interaction.js';
import { Interactions } from './interactions.js';
import { OpenApiCheck } from './openapi-check.js';
import { Person } from './person.js';
import { RateLimiter, type RateLimits } from './rate-limits.js';
import type { User, UserOptions } from './user.js';
import { Violations } from './violations.js';
import { type Patience, World } from './world.js';

export interface DiscordOptions {
  /** The port to listen on. Default: any that is free. */
  readonly port?: number | undefined;
  readonly botName?: string | undefined;
  /** What was there before, as {@link archiveOf} has it. */
  readonly archive?: Archive | undefined;
  /** Bytes of the bot's avatar. Default: one of Discord's own. */
  readonly botAvatar?: Uint8Array | undefined;
  /** How long a bot may take to acknowledge an interaction. Default 3 s. */
  readonly acknowledgeWithinMs?: number | undefined;
  /** How long an interaction's token is valid. Default 15 minutes. */
  readonly tokenLifetimeMs?: number | undefined;
  /** How long a signed address of the CDN is valid. Default 24 hours. */
  readonly attachmentLifetimeMs?: number | undefined;
  readonly heartbeatIntervalMs?: number | undefined;
  /** Decides how long `until` waits; see {@link Patience}. Default: for ever. */
  readonly patience?: Patience | undefined;
  /** Rate limits that replace those of {@link defaultRateLimits}. */
  readonly rateLimits?: Partial<RateLimits> | undefined;
  /** Path of Discord's openapi.json. */
  readonly openapi?: string | undefined;
  /** Whether the local Discord's answers are checked against openapi.json, too; for its own tests. Default false. */
  readonly checksAnswers?: boolean | undefined;
}

/** Starts a local Discord on 127.0.0.1. It has no users at first but a bot, which may log in with its token. */
export async function startDiscord(options: DiscordOptions = {}): Promise<Discord> {
  const discord = new Discord(options);
  await discord.listen(options.port ?? 0);
  if (options.archive) restore(discord, options.archive);
  return discord;
}

/** A local Discord: REST, gateway and CDN at one address, and the people who use it. */
export class Discord {
  #token: string;
  readonly world: World;
  readonly gateway: Gateway;
  readonly faults = new Faults();
  readonly interactions: Interactions;
  readonly #violations = new Violations();
  readonly #http: HttpHandler;
  readonly #server: Server;

  constructor(options: DiscordOptions) {
    const { archive } = options;
    this.#token = archive?.token ?? newToken();
    this.world = new World({
      botName: options.botName ?? 'Whitewalker',
      botAvatar: options.botAvatar,
      applicationId: archive?.applicationId,
      cdnSecret: archive && Buffer.from(archive.cdnSecret, 'base64'),
      attachmentLifetimeMs: options.attachmentLifetimeMs ?? 24 * 3_600_000,
      origin: () => this.cdnOrigin,
      patience: options.patience ?? (() => () => {}),
    });
    this.gateway = new Gateway(this.world, this.#violations, {
      token: () => this.#token,
      heartbeatIntervalMs: options.heartbeatIntervalMs ?? 41_250,
      url: () => `${this.cdnOrigin.replace('http', 'ws')}/gateway`,
    });
    this.interactions = new Interactions(this.world, this.gateway, {
      acknowledgeWithinMs: options.acknowledgeWithinMs ?? 3_000,
      tokenLifetimeMs: options.tokenLifetimeMs ?? 15 * 60_000,
    });
    this.#http = new HttpHandler({
      api: { world: this.world, interactions: this.interactions, violations: this.#violations, gateway: this.gateway },
      faults: this.faults,
      rateLimiter: new RateLimiter(options.rateLimits ?? {}),
      openApi: OpenApiCheck.find(options.openapi),
      token: () => this.#token,
      checksAnswers: options.checksAnswers ?? false,
    });
    this.#server = createServer((request, response) => void this.#http.handle(request, response));
    this.#server.on('upgrade', (request, socket, head) => this.gateway.upgrade(request, socket, head));
  }

  /** The token with which the bot under test logs in. */
  get token(): string {
    return this.#token;
  }

  /** Makes a new token, as an operator does on the page of the application, and throws out the bot that has the old one. */
  resetToken(): void {
    this.#token = newToken();
    this.gateway.drop(GatewayCloseCodes.AuthenticationFailed);
  }

  /** Starts to listen. Called by {@link startDiscord}. */
  async listen(port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, '127.0.0.1', resolve);
    });
  }

  /** Closes all connections and stops listening. */
  async stop(): Promise<void> {
    this.gateway.close();
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  /** The API's address, without the version, as discord.js takes it in `rest.api`. */
  get apiUrl(): string {
    return `${this.cdnOrigin}/api`;
  }

  /** The origin of attachments and avatars, as discord.js takes it in `rest.cdn`. */
  get cdnOrigin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo | null)?.port}`;
  }

  get applicationId(): string {
    return this.world.applicationId;
  }

  get botUser(): User {
    return this.world.bot;
  }

  /** The latest 10,000 requests that came in. */
  get requests(): readonly RequestRecord[] {
    return this.#http.requests;
  }

  /** Everything that the bot did and Discord forbids, in sentences. */
  get violations(): readonly string[] {
    return this.#violations.list;
  }

  /** @throws Error that lists the violations, if there are any. */
  assertCorrect(): void {
    this.#violations.assertNone();
  }

  /** Forgets all violations so far; for tests that provoke them. */
  forgetViolations(): void {
    this.#violations.list.length = 0;
  }

  createGuild(options: GuildOptions): Guild {
    return this.world.createGuild(options);
  }

  createUser(options: UserOptions): Person {
    return this.world.createUser(options, Person).enter({ world: this.world, interactions: this.interactions });
  }

  /** Returns the conversation of these people without the bot: direct messages, or a group of three people and more. */
  createPrivateChannel(people: readonly User[]): Channel {
    return this.world.conversation(people);
  }

  /** Waits until a bot is connected and was told that it is ready. */
  async ready(): Promise<void> {
    await this.until(() => this.gateway.isConnected, 'a bot is connected');
  }

  /** Waits until the bot has registered commands in `scope`, or in any scope. */
  async commandsRegistered(scope?: CommandScope): Promise<void> {
    const { commands } = this.world;
    const areRegistered = () => (scope === undefined ? !commands.isEmpty : commands.isRegistered(scope));
    await this.until(areRegistered, `commands are registered (${scope ?? 'anywhere'})`);
  }

  /** Waits until `isSo` is true; it is called again whenever something has happened in this Discord. */
  async until(isSo: () => unknown, what = String(isSo)): Promise<void> {
    await this.world.until(isSo, () => `Not so: ${what}`);
  }

  /** Puts the clock forward: tokens, deadlines and addresses run out as if that much time had passed. */
  advance(byMs: number): void {
    this.world.clock.advance(byMs);
  }

  /** Makes the token of one interaction run out. */
  expire(interaction: Interaction): void {
    interaction.expire();
  }

  /** Returns the bytes of an attachment, which may be a stored file or discord.js' object. */
  bytesOf({ id }: { readonly id: string }): Uint8Array {
    const file = this.world.files.byId(id);
    if (!file) throw new RangeError(`There is no attachment with the id ${id}`);
    return file.bytes;
  }
}

function newToken(): string {
  return `local.${randomBytes(24).toString('base64url')}`;
}
