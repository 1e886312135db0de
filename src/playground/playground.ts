import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Discord, startDiscord } from '../local-discord/server.js';
import type { Happening } from '../local-discord/world.js';
import { BotProcess } from './bot-process.js';
import { Keeper } from './keeper.js';
import { QueueWatch } from './queue-watch.js';
import { botAvatar, findTown, foundTown, type Resident, type Town, welcomeGuest } from './town.js';
import { Troublemaker } from './trouble.js';
import { Uploads } from './uploads.js';
import {
  channelsView,
  commandsView,
  messagesView,
  messageView,
  mostRequestsShown,
  peopleView,
  requestView,
  seenBy,
} from './view.js';
import { Visitor } from './visitor.js';
import type { Act, ActOutcome, BotView, PageEvent, RequestView, Snapshot, Trouble } from './wire.js';

export interface PlaygroundOptions {
  /** The folder for everything. */
  readonly folder: string;
  /** Whether the Discord is kept there for the next time, too, as the bot's data are. */
  readonly isKept: boolean;
  /** How long after its end the bot is started again, in milliseconds. Default 2 s. */
  readonly restartAfterMs?: number | undefined;
}

/** Somebody at a page: the owner, who may be any of the people, or a guest, who is always the same one. */
export interface Viewer {
  readonly isOwner: boolean;
  /** Who a guest is, and the owner is at first. */
  resident: Resident;
}

/** What exists until a visitor starts anew: a Discord with people in it, and a bot that is logged in to it. */
interface Scene {
  readonly discord: Discord;
  readonly town: Town;
  readonly bot: BotProcess;
  readonly troublemaker: Troublemaker;
  readonly visitor: Visitor;
  readonly queue: QueueWatch;
  /** Writes down for the last time what is kept. */
  readonly stopKeeping: () => Promise<void>;
}

/** How much time of its own the bot may take to end, in milliseconds. */
const patienceMs = 3_000;

/** The real bot on a local Discord, and what visitors at a page see of it and do with it. */
export class Playground {
  readonly uploads = new Uploads();
  readonly #options: PlaygroundOptions;
  readonly #listeners = new Map<(event: PageEvent) => void, Viewer>();
  readonly #guests = new Set<Viewer>();
  #scene: Scene;
  #requests: RequestView[] = [];
  #requestCount = 0;

  private constructor(options: PlaygroundOptions, scene: (playground: Playground) => Scene) {
    this.#options = options;
    this.#scene = scene(this);
  }

  /** Puts up a Discord, and starts the bot in it; returns before the bot is ready. */
  static async open(options: PlaygroundOptions): Promise<Playground> {
    const { discord, town } = await townIn(options);
    const playground = new Playground(options, (self) => self.#set(discord, town));
    await playground.#scene.bot.start();
    return playground;
  }

  get discord(): Discord {
    return this.#scene.discord;
  }

  get bot(): BotProcess {
    return this.#scene.bot;
  }

  /** Returns a new viewer: the owner, or a guest, for whom somebody joins the server. */
  newViewer(isOwner: boolean): Viewer {
    const { discord, town } = this.#scene;
    const [first] = town.residents;
    if (isOwner && first) return { isOwner, resident: first };
    const guest: Viewer = { isOwner: false, resident: welcomeGuest(discord, town) };
    this.#guests.add(guest);
    this.#peopleChanged();
    this.#tell({ kind: 'commands', commands: commandsView(discord, town) });
    return guest;
  }

  /** Tells `listener` all that the viewer sees, and then all that happens, until the returned function is called. */
  listen(viewer: Viewer, listener: (event: PageEvent) => void): () => void {
    this.#listeners.set(listener, viewer);
    listener({ kind: 'snapshot', snapshot: this.#snapshot(viewer) });
    return () => this.#listeners.delete(listener);
  }

  /**
   * Does something as a person.
   * @param personId - who does it; guests are always themselves.
   */
  async act(viewer: Viewer, personId: string, act: Act): Promise<ActOutcome> {
    const { town, visitor } = this.#scene;
    const actor = viewer.isOwner ? town.residents.find(({ person }) => person.id === personId) : viewer.resident;
    if (!actor) return { kind: 'refused', why: 'That person is not here' };
    const outcome = await visitor.act(actor.person, act);
    if (act.do === 'language') this.#peopleChanged();
    return outcome;
  }

  cause(trouble: Trouble): void {
    const { troublemaker, discord } = this.#scene;
    troublemaker.cause(trouble);
    this.#tell({ kind: 'clock', clockAheadMs: discord.world.clock.aheadMs });
  }

  /** Forgets everything, and begins again. */
  async startAnew(): Promise<void> {
    await this.#strike();
    for (const folder of [this.#botFolder, discordFolder(this.#options)])
      await rm(folder, { recursive: true, force: true });
    const { discord, town } = await townIn(this.#options);
    this.#requests = [];
    this.#requestCount = 0;
    this.#scene = this.#set(discord, town);
    for (const guest of this.#guests) guest.resident = welcomeGuest(discord, town);
    for (const [listener, viewer] of this.#listeners) {
      const [first] = town.residents;
      if (viewer.isOwner && first) viewer.resident = first;
      listener({ kind: 'snapshot', snapshot: this.#snapshot(viewer) });
    }
    await this.#scene.bot.start();
  }

  /** Ends the bot and the Discord; what is kept stays in the folder. */
  async close(): Promise<void> {
    await this.#strike();
  }

  get #botFolder(): string {
    return join(this.#options.folder, 'bot');
  }

  async #strike(): Promise<void> {
    const { bot, discord, stopKeeping } = this.#scene;
    await bot.stop(patienceMs);
    await stopKeeping();
    await discord.stop();
  }

  #set(discord: Discord, town: Town): Scene {
    const { token, apiUrl, cdnOrigin } = discord;
    const place = { token, apiUrl, cdnOrigin, dataFolder: this.#botFolder };
    const bot: BotProcess = new BotProcess(place, this.#options.restartAfterMs ?? 2_000, () => this.#botChanged());
    const queue = new QueueWatch(
      () => bot.operatorOrigin,
      (numbers) => this.#tell({ kind: 'queue', queue: numbers }),
    );
    discord.world.onHappening((happening) => this.#happened(happening));
    return {
      discord,
      town,
      bot,
      queue,
      troublemaker: new Troublemaker(discord, bot),
      visitor: new Visitor(discord, this.uploads),
      stopKeeping: this.#options.isKept
        ? new Keeper(discordFolder(this.#options)).follow(discord)
        : async () => undefined,
    };
  }

  #happened(happening: Happening): void {
    const { discord, town, queue } = this.#scene;
    switch (happening.kind) {
      case 'message': {
        const { message, event } = happening;
        if (event === 'MESSAGE_DELETE') this.#tell({ kind: 'message-gone', id: message.id });
        else this.#tell({ kind: 'message', message: messageView(discord, message) });
        break;
      }
      case 'commands':
        this.#tell({ kind: 'commands', commands: commandsView(discord, town) });
        break;
      case 'gateway':
        this.#botChanged();
        break;
      case 'request': {
        const request = requestView(happening.record, ++this.#requestCount);
        this.#requests.push(request);
        if (this.#requests.length > mostRequestsShown) this.#requests.shift();
        this.#tell({ kind: 'request', request });
      }
    }
    queue.outdate();
  }

  #peopleChanged(): void {
    const { discord, town } = this.#scene;
    this.#tell({ kind: 'people', people: peopleView(discord, town), channels: channelsView(discord) });
  }

  #botChanged(): void {
    this.#tell({ kind: 'bot', bot: this.#botView() });
    this.#scene.queue.outdate();
  }

  #botView(): BotView {
    const { bot, discord } = this.#scene;
    const { state, restarts, computePids, lastWords } = bot;
    return {
      state,
      restarts,
      isConnected: discord.gateway.isConnected,
      computeProcesses: computePids.length,
      ...(state === 'failed' && { lastWords }),
    };
  }

  #snapshot(viewer: Viewer): Snapshot {
    const { discord, town, queue } = this.#scene;
    const { isOwner, resident } = viewer;
    const sees = seenBy(resident);
    const channels = channelsView(discord).filter((channel) => isOwner || sees.channel(channel));
    const ids = new Set(channels.map(({ id }) => id));
    return {
      isOwner,
      you: resident.person.id,
      serverName: town.guild.name,
      people: peopleView(discord, town),
      channels,
      roles: [...town.guild.roles.values()].map(({ id, name }) => ({ id, name })),
      messages: messagesView(discord).filter(
        (message) => ids.has(message.body.channel_id) && (isOwner || sees.message(message)),
      ),
      commands: commandsView(discord, town),
      bot: this.#botView(),
      queue: queue.latest,
      requests: isOwner ? this.#requests : [],
      clockAheadMs: discord.world.clock.aheadMs,
    };
  }

  /** Tells each listener an event, unless its viewer is a guest and the event is not for guests. */
  #tell(event: PageEvent): void {
    for (const [listener, viewer] of this.#listeners) {
      const told = viewer.isOwner ? event : this.#forGuest(event, viewer);
      if (told) listener(told);
    }
  }

  #forGuest(event: PageEvent, { resident }: Viewer): PageEvent | undefined {
    const sees = seenBy(resident);
    if (event.kind === 'request') return undefined;
    if (event.kind === 'people') return { ...event, channels: event.channels.filter(sees.channel) };
    if (event.kind !== 'message') return event;
    const { message } = event;
    const channel = this.#scene.discord.world.channels.get(message.body.channel_id);
    return channel?.userById(resident.person.id) && sees.message(message) ? event : undefined;
  }
}

/** Returns the Discord that is kept in the folder, or a new one. */
async function townIn(options: PlaygroundOptions) {
  const archive = options.isKept ? await new Keeper(discordFolder(options)).read() : undefined;
  const discord = await startDiscord({ botAvatar: await botAvatar(), archive });
  return { discord, town: findTown(discord) ?? (await foundTown(discord)) };
}

function discordFolder({ folder }: PlaygroundOptions): string {
  return join(folder, 'discord');
}
