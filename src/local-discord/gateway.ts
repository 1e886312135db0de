import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { ApplicationFlags, GatewayCloseCodes, GatewayIntentBits, GatewayOpcodes } from 'discord.js';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Guild } from './guild.js';
import type { Violations } from './violations.js';
import type { World } from './world.js';

export interface GatewayOptions {
  /** Returns the token that a bot logs in with. */
  readonly token: () => string;
  readonly heartbeatIntervalMs: number;
  /** Returns the gateway's address; called when a bot logs in. */
  readonly url: () => string;
}

interface GatewayMessage {
  readonly op: number;
  readonly d: unknown;
}

/** One bot's session in the stream of events. It outlives its connection. */
interface Session {
  readonly id: string;
  readonly intents: number;
  /** Every event that was sent, for a bot that resumes; the event with sequence number n has index n − 1. */
  readonly events: string[];
  socket: WebSocket | undefined;
}

/** Number of latest events that are kept for a session: it is resumed within minutes or never. */
const mostEventsKept = 5_000;

/** The intents that a bot needs to receive an event, in servers and elsewhere. All other events come to every bot. */
const intents: Readonly<Record<string, readonly [inGuild: number, elsewhere: number]>> = {
  GUILD_CREATE: [GatewayIntentBits.Guilds, 0],
  GUILD_DELETE: [GatewayIntentBits.Guilds, 0],
  GUILD_ROLE_CREATE: [GatewayIntentBits.Guilds, 0],
  CHANNEL_CREATE: [GatewayIntentBits.Guilds, 0],
  THREAD_CREATE: [GatewayIntentBits.Guilds, 0],
  CHANNEL_DELETE: [GatewayIntentBits.Guilds, 0],
  MESSAGE_CREATE: [GatewayIntentBits.GuildMessages, GatewayIntentBits.DirectMessages],
  MESSAGE_UPDATE: [GatewayIntentBits.GuildMessages, GatewayIntentBits.DirectMessages],
  MESSAGE_DELETE: [GatewayIntentBits.GuildMessages, GatewayIntentBits.DirectMessages],
  MESSAGE_DELETE_BULK: [GatewayIntentBits.GuildMessages, 0],
};

/** Discord's gateway, version 10: the stream of events, as JSON and without compression. */
export class Gateway {
  readonly #world: World;
  readonly #options: GatewayOptions;
  readonly #violations: Violations;
  readonly #server = new WebSocketServer({ noServer: true });
  readonly #sessions = new Map<string, Session>();
  /** How often bots may still begin a session, as they are told. */
  loginsLeft = 999;
  /** The close code by which every attempt to begin or resume a session is refused; undefined: none is. */
  refusal: number | undefined;
  #identified = 0;
  #resumed = 0;

  constructor(world: World, violations: Violations, options: GatewayOptions) {
    this.#world = world;
    this.#violations = violations;
    this.#options = options;
    this.#server.on('connection', (socket) => this.#welcome(socket));
    world.onGateway((event, payload, guild) => this.dispatch(event, payload, guild));
  }

  /** Whether a bot is connected and was told that it is ready. */
  get isConnected(): boolean {
    return [...this.#sessions.values()].some(({ socket }) => socket !== undefined);
  }

  get url(): string {
    return this.#options.url();
  }

  /** Number of times that a bot has begun a session. */
  get identified(): number {
    return this.#identified;
  }

  /** Number of times that a bot has resumed a session. */
  get resumed(): number {
    return this.#resumed;
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#server.handleUpgrade(request, socket, head, (webSocket) => this.#server.emit('connection', webSocket));
  }

  /**
   * Sends an event to every bot whose intents allow it; a bot whose connection is lost gets it when it resumes.
   * @returns whether any bot has a session that allows it.
   */
  dispatch(event: string, payload: object, guild?: Guild): boolean {
    const needed = intents[event]?.[guild ? 0 : 1] ?? 0;
    const sessions = [...this.#sessions.values()].filter((session) => (session.intents & needed) === needed);
    for (const session of sessions) this.#send(session, event, this.#readable(session, event, payload));
    return sessions.length > 0;
  }

  /** Cuts all connections: with a close code, or without a word as a broken network does. Sessions stay. */
  drop(closeCode?: number): void {
    for (const session of this.#sessions.values()) {
      const { socket } = session;
      session.socket = undefined;
      if (closeCode === undefined) socket?.terminate();
      else socket?.close(closeCode);
    }
    this.#world.changed({ kind: 'gateway' });
  }

  /** Asks the bots to connect again, as Discord does before it restarts one of its machines. */
  reconnect(): void {
    for (const { socket } of this.#sessions.values())
      socket?.send(JSON.stringify({ op: GatewayOpcodes.Reconnect, d: null }));
  }

  /** Makes every session impossible to resume, and tells the bots that are connected. */
  forgetSession(): void {
    for (const { socket } of this.#sessions.values()) {
      socket?.send(JSON.stringify({ op: GatewayOpcodes.InvalidSession, d: false }));
    }
    this.#sessions.clear();
  }

  close(): void {
    for (const client of this.#server.clients) client.terminate();
    this.#server.close();
  }

  #welcome(socket: WebSocket): void {
    let session: Session | undefined;
    send(socket, GatewayOpcodes.Hello, { heartbeat_interval: this.#options.heartbeatIntervalMs });
    socket.on('message', (data) => {
      const message = parse(String(data));
      if (!message) return socket.close(GatewayCloseCodes.DecodeError);
      const isLogin = message.op === GatewayOpcodes.Identify || message.op === GatewayOpcodes.Resume;
      if (isLogin && this.refusal !== undefined) return socket.close(this.refusal);
      switch (message.op) {
        case GatewayOpcodes.Heartbeat:
          return send(socket, GatewayOpcodes.HeartbeatAck, null);
        case GatewayOpcodes.Identify:
          if (session) return socket.close(GatewayCloseCodes.AlreadyAuthenticated);
          session = this.#identify(socket, message.d);
          return;
        case GatewayOpcodes.Resume:
          if (session) return socket.close(GatewayCloseCodes.AlreadyAuthenticated);
          session = this.#resume(socket, message.d);
          return;
        case GatewayOpcodes.PresenceUpdate:
        case GatewayOpcodes.VoiceStateUpdate:
        case GatewayOpcodes.RequestGuildMembers:
          if (!session) socket.close(GatewayCloseCodes.NotAuthenticated);
          return;
        default:
          this.#violations.report('gateway', `the opcode ${message.op}, which there is not`);
          return socket.close(GatewayCloseCodes.UnknownOpcode);
      }
    });
    socket.on('error', () => socket.terminate());
    socket.on('close', (code) => {
      if (session?.socket !== socket) return;
      session.socket = undefined;
      // A bot that closes the connection in good order gives up its session.
      if (code === 1000 || code === 1001) this.#sessions.delete(session.id);
      this.#world.changed({ kind: 'gateway' });
    });
  }

  #identify(socket: WebSocket, payload: unknown): Session | undefined {
    const { token, intents: asked } = payload as { token?: string; intents?: number };
    if (token !== this.#options.token()) {
      socket.close(GatewayCloseCodes.AuthenticationFailed);
      return undefined;
    }
    if (!Number.isInteger(asked)) {
      this.#violations.report('gateway IDENTIFY', `intents must be a whole number, got ${JSON.stringify(asked)}`);
      socket.close(GatewayCloseCodes.InvalidIntents);
      return undefined;
    }
    // A new session ends those without a connection; two remain only where two bots are connected at the same time.
    for (const [id, session] of this.#sessions) if (!session.socket) this.#sessions.delete(id);
    const session: Session = { id: randomBytes(16).toString('hex'), intents: asked ?? 0, events: [], socket };
    this.#sessions.set(session.id, session);
    const guilds = [...this.#world.guilds.values()].filter(({ hasBot }) => hasBot);
    this.#send(session, 'READY', {
      v: 10,
      user: { ...this.#world.bot.toApi(), mfa_enabled: false, verified: true, email: null, flags: 0 },
      guilds: guilds.map(({ id }) => ({ id, unavailable: true })),
      session_id: session.id,
      session_type: 'normal',
      resume_gateway_url: this.url,
      shard: [0, 1],
      application: { id: this.#world.applicationId, flags: ApplicationFlags.ApplicationCommandBadge },
    });
    if (session.intents & GatewayIntentBits.Guilds) {
      for (const guild of guilds) this.#send(session, 'GUILD_CREATE', guild.toGatewayPayload());
    }
    this.#identified++;
    this.#world.changed({ kind: 'gateway' });
    return session;
  }

  #resume(socket: WebSocket, payload: unknown): Session | undefined {
    const { token, session_id, seq } = payload as { token?: string; session_id?: string; seq?: number };
    if (token !== this.#options.token()) {
      socket.close(GatewayCloseCodes.AuthenticationFailed);
      return undefined;
    }
    const session = this.#sessions.get(session_id ?? '');
    const oldest = Math.max(0, (session?.events.length ?? 0) - mostEventsKept);
    if (!session || seq === undefined || seq > session.events.length || seq < oldest) {
      send(socket, GatewayOpcodes.InvalidSession, false);
      return undefined;
    }
    session.socket?.terminate();
    session.socket = socket;
    for (const event of session.events.slice(seq)) socket.send(event);
    this.#send(session, 'RESUMED', {});
    this.#resumed++;
    this.#world.changed({ kind: 'gateway' });
    return session;
  }

  /** Returns an event as a bot may read it: for messages of others in servers it needs the privileged intent. */
  #readable(session: Session, event: string, payload: object): object {
    const { author, guild_id } = payload as { author?: { id: string }; guild_id?: string };
    if (!event.startsWith('MESSAGE_') || session.intents & GatewayIntentBits.MessageContent) return payload;
    if (!author || author.id === this.#world.bot.id || guild_id === undefined) return payload;
    return { ...payload, content: '', embeds: [], attachments: [], components: [] };
  }

  #send(session: Session, event: string, payload: unknown): void {
    const sequence = session.events.length + 1;
    const message = JSON.stringify({ op: GatewayOpcodes.Dispatch, t: event, s: sequence, d: payload });
    session.events.push(message);
    // Events of long ago are large, so they are emptied; their index has to stay.
    if (sequence > mostEventsKept) session.events[sequence - 1 - mostEventsKept] = '';
    session.socket?.send(message);
  }
}

function send(socket: WebSocket, op: GatewayOpcodes, d: unknown): void {
  socket.send(JSON.stringify({ op, d }));
}

function parse(text: string): GatewayMessage | undefined {
  try {
    const message: unknown = JSON.parse(text);
    if (typeof message !== 'object' || message === null || !('op' in message)) return undefined;
    return message as GatewayMessage;
  } catch {
    return undefined;
  }
}
