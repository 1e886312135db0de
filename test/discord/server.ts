import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
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
import { World } from './world.js';

export interface DiscordOptions {
  /** Default any that is free. */
  readonly port?: number | undefined;
  readonly botName?: string | undefined;
  /** How long a bot has for its acknowledgement. Default 3 s. */
  readonly acknowledgeWithinMs?: number | undefined;
  /** How long an interaction's token is good for. Default 15 minutes. */
  readonly tokenLifetimeMs?: number | undefined;
  /** How long an address of the CDN is good for. Default 24 hours. */
  readonly attachmentLifetimeMs?: number | undefined;
  readonly heartbeatIntervalMs?: number | undefined;
  /** Buckets that are to be other than Discord's. */
  readonly rateLimits?: Partial<RateLimits> | undefined;
  /** A path to Discord's openapi.json. */
  readonly openapi?: string | undefined;
  /** Whether to hold the answers of this local Discord against that, too: for its own tests. Default false. */
  readonly checksAnswers?: boolean | undefined;
}

/** Starts a local Discord on 127.0.0.1; it knows nobody yet but a bot that may come in with its token. */
export async function startDiscord(options: DiscordOptions = {}): Promise<Discord> {
  const discord = new Discord(options);
  await discord.listen(options.port ?? 0);
  return discord;
}

/** A local Discord: REST, gateway and CDN at one address, and the people who use it. */
export class Discord {
  /** With what the bot under test logs in. */
  readonly token = `local.${randomBytes(24).toString('base64url')}`;
  readonly world: World;
  readonly gateway: Gateway;
  readonly faults = new Faults();
  readonly interactions: Interactions;
  readonly #violations = new Violations();
  readonly #http: HttpHandler;
  readonly #server: Server;

  constructor(options: DiscordOptions) {
    this.world = new World({
      botName: options.botName ?? 'Whitewalker',
      attachmentLifetimeMs: options.attachmentLifetimeMs ?? 24 * 3_600_000,
      origin: () => this.cdnOrigin,
    });
    const gatewayUrl = () => `${this.cdnOrigin.replace('http', 'ws')}/gateway`;
    this.gateway = new Gateway(this.world, this.#violations, {
      token: this.token,
      heartbeatIntervalMs: options.heartbeatIntervalMs ?? 41_250,
      url: gatewayUrl,
    });
    this.interactions = new Interactions(this.world, this.gateway, {
      acknowledgeWithinMs: options.acknowledgeWithinMs ?? 3_000,
      tokenLifetimeMs: options.tokenLifetimeMs ?? 15 * 60_000,
    });
    this.#http = new HttpHandler({
      api: { world: this.world, interactions: this.interactions, violations: this.#violations, gatewayUrl },
      faults: this.faults,
      rateLimiter: new RateLimiter(options.rateLimits ?? {}),
      openApi: OpenApiCheck.find(options.openapi),
      token: this.token,
      checksAnswers: options.checksAnswers ?? false,
    });
    this.#server = createServer((request, response) => void this.#http.handle(request, response));
    this.#server.on('upgrade', (request, socket, head) => this.gateway.upgrade(request, socket, head));
  }

  /** Called by {@link startDiscord}. */
  async listen(port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, '127.0.0.1', resolve);
    });
  }

  /** Hangs up on everybody. */
  async stop(): Promise<void> {
    this.gateway.close();
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  /** What discord.js takes as `rest.api`, without the version. */
  get apiUrl(): string {
    return `${this.cdnOrigin}/api`;
  }

  /** Where attachments and avatars come from; what discord.js takes as `rest.cdn`. */
  get cdnOrigin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo | null)?.port}`;
  }

  get applicationId(): string {
    return this.world.applicationId;
  }

  get botUser(): User {
    return this.world.bot;
  }

  /** Every request that came in, the latest 10,000 of them. */
  get requests(): readonly RequestRecord[] {
    return this.#http.requests;
  }

  /** What the bot did that Discord forbids. */
  get violations(): readonly string[] {
    return this.#violations.list;
  }

  /** @throws Error that lists the violations, if there are any. */
  assertCorrect(): void {
    this.#violations.assertNone();
  }

  /** Forgives what the bot did so far; for tests that provoke it. */
  forgetViolations(): void {
    this.#violations.list.length = 0;
  }

  createGuild(options: GuildOptions): Guild {
    return this.world.createGuild(options);
  }

  createUser(options: UserOptions): Person {
    return this.world.createUser(options, Person).enter({ world: this.world, interactions: this.interactions });
  }

  /** A conversation between people without the bot: direct messages, or a group from three people on. */
  createPrivateChannel(people: readonly User[]): Channel {
    return this.world.conversation(people);
  }

  /** Waits until a bot is connected and was told that it is ready. */
  async ready({ timeoutMs = 15_000 } = {}): Promise<void> {
    await this.until(() => this.gateway.isConnected, { timeoutMs, what: 'a bot is connected' });
  }

  /** Waits until the bot has registered commands: somewhere, or in `scope`. */
  async commandsRegistered(scope?: CommandScope, { timeoutMs = 15_000 } = {}): Promise<void> {
    const { commands } = this.world;
    const areRegistered = () => (scope === undefined ? !commands.isEmpty : commands.isRegistered(scope));
    await this.until(areRegistered, { timeoutMs, what: `commands are registered (${scope ?? 'anywhere'})` });
  }

  /** Waits until `isSo` is true; it is asked again whenever something has happened here. */
  async until(isSo: () => unknown, { timeoutMs = 10_000, what = String(isSo) } = {}): Promise<void> {
    await this.world.until(isSo, () => `Not so within ${timeoutMs} ms: ${what}`, timeoutMs);
  }

  /** Puts the clock forward: tokens, deadlines and addresses run out as if that much time had passed. */
  advance(byMs: number): void {
    this.world.clock.advance(byMs);
  }

  /** Makes the token of one interaction run out. */
  expire(interaction: Interaction): void {
    interaction.expire();
  }

  /** The bytes of an attachment, however it is at hand. */
  bytesOf({ id }: { readonly id: string }): Uint8Array {
    const file = this.world.files.byId(id);
    if (!file) throw new RangeError(`There is no attachment with the id ${id}`);
    return file.bytes;
  }
}
