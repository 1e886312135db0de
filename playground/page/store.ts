import { createContext } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';
import type {
  Act,
  ActOutcome,
  BotView,
  ChannelView,
  CommandsView,
  MessageView,
  ModalView,
  PageEvent,
  PersonView,
  QueueView,
  RequestView,
} from '../../src/playground/wire.js';
import { act, ServerError } from './server.js';
import type { Words } from './words/english.js';
import { words } from './words/words.js';

/** A line of the page's own in a channel: a command that is on its way, or that the bot has not answered. */
export interface Notice {
  readonly number: number;
  readonly channel: string;
  readonly person: string;
  readonly command: string;
  readonly isMenu: boolean;
  readonly hasFailed: boolean;
}

export interface OpenModal {
  readonly person: string;
  readonly interaction: string;
  readonly modal: ModalView;
}

export interface PageState {
  readonly isConnected: boolean;
  readonly isOwner: boolean;
  readonly serverName: string;
  readonly people: readonly PersonView[];
  readonly channels: readonly ChannelView[];
  readonly roles: readonly { readonly id: string; readonly name: string }[];
  readonly messages: ReadonlyMap<string, MessageView>;
  readonly commands: CommandsView;
  readonly bot: BotView;
  readonly queue: QueueView;
  readonly requests: readonly RequestView[];
  readonly clockAheadMs: number;
  /** Ids of the person that the visitor is, and of the channel that they look at. */
  readonly me: string;
  readonly channel: string;
  readonly notices: readonly Notice[];
  /** How many commands, menus and messages the visitor has sent. */
  readonly actCount: number;
  /** Ids of messages whose buttons or menus the bot has not answered. */
  readonly failedMessages: ReadonlySet<string>;
  readonly dismissed: ReadonlySet<string>;
  readonly modal: OpenModal | undefined;
  /** A sentence that is shown over everything for a while. */
  readonly toast: string | undefined;
}

const mostRequests = 200;

/** What the page knows, and how it changes. */
export class Store {
  state: PageState | undefined;
  readonly #listeners = new Set<() => void>();
  #noticeCount = 0;
  #toastTimer: number | undefined;

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  change(changes: Partial<PageState>): void {
    if (!this.state) return;
    this.state = { ...this.state, ...changes };
    this.#changed();
  }

  connectionChanged(isConnected: boolean): void {
    this.change({ isConnected });
  }

  receive(event: PageEvent): void {
    if (event.kind === 'snapshot') this.#begin(event.snapshot);
    else if (this.state) this.change(changesBy(event, this.state));
  }

  /** Becomes another person, who looks at a channel that they see. */
  be(person: string): void {
    const { state } = this;
    if (!state || person === state.me) return;
    const seen = channelsOf(state, person);
    const channel = seen.find(({ id }) => id === state.channel) ?? seen[0];
    this.change({ me: person, channel: channel?.id ?? '', modal: undefined });
  }

  /** Does something as the present person, and shows what comes of it; returns whether it was sent. */
  async perform(what: Act): Promise<ActOutcome | undefined> {
    const { state } = this;
    if (!state) return undefined;
    const person = state.me;
    const notice = this.#noticeOf(what, person);
    if (notice) this.change({ notices: [...state.notices, notice] });
    if (notice || what.do === 'post') this.change({ actCount: state.actCount + 1 });
    const replaceNotice = (replacement: readonly Notice[]) =>
      this.change({
        notices: (this.state?.notices ?? []).flatMap((each) => (each === notice ? replacement : [each])),
      });
    try {
      const outcome = await act(person, what);
      if (notice) replaceNotice(outcome.kind === 'no-response' ? [{ ...notice, hasFailed: true }] : []);
      if (outcome.kind === 'modal') this.change({ modal: { ...outcome, person } });
      else if (outcome.kind === 'refused') this.toast(outcome.why);
      else if ('message' in what && what.do !== 'message-menu') this.#noteFailure(what.message, outcome);
      return outcome;
    } catch (error) {
      if (notice) replaceNotice([]);
      this.complain(error);
      return undefined;
    }
  }

  /** Shows what went wrong. */
  complain(error: unknown): void {
    const language = this.state && personOf(this.state, this.state.me)?.language;
    this.toast(error instanceof ServerError ? error.message : words[language ?? 'en-US'].somethingWrong);
    if (!(error instanceof ServerError)) console.error(error);
  }

  toast(toast: string): void {
    window.clearTimeout(this.#toastTimer);
    this.change({ toast });
    this.#toastTimer = window.setTimeout(() => this.change({ toast: undefined }), 8_000);
  }

  #noteFailure(message: string, outcome: ActOutcome): void {
    const failedMessages = new Set(this.state?.failedMessages);
    if (outcome.kind === 'no-response') failedMessages.add(message);
    else failedMessages.delete(message);
    this.change({ failedMessages });
  }

  #noticeOf(what: Act, person: string): Notice | undefined {
    const number = ++this.#noticeCount;
    const base = { number, person, hasFailed: false };
    if (what.do === 'command') {
      const command = [what.name, ...what.subcommand].join(' ');
      return { ...base, channel: what.channel, command, isMenu: false };
    }
    if (what.do === 'user-menu') return { ...base, channel: what.channel, command: what.name, isMenu: true };
    if (what.do !== 'message-menu') return undefined;
    const channel = this.state?.messages.get(what.message)?.body.channel_id ?? '';
    return { ...base, channel, command: what.name, isMenu: true };
  }

  #begin(snapshot: Extract<PageEvent, { kind: 'snapshot' }>['snapshot']): void {
    const { messages, you, ...rest } = snapshot;
    const before = this.state;
    const isSame = before?.people.some(({ id }) => id === you) ?? false;
    const me = isSame && before ? before.me : you;
    const channel = isSame && before ? before.channel : undefined;
    this.state = {
      notices: [],
      actCount: before?.actCount ?? 0,
      failedMessages: new Set(),
      dismissed: before?.dismissed ?? new Set(),
      modal: undefined,
      toast: undefined,
      ...rest,
      isConnected: true,
      messages: new Map(messages.map((message) => [message.body.id, message])),
      me,
      channel: channel ?? channelsOf(snapshot, me)[0]?.id ?? '',
    };
    this.#changed();
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** Returns what an event changes of a state. */
function changesBy(event: Exclude<PageEvent, { kind: 'snapshot' }>, state: PageState): Partial<PageState> {
  switch (event.kind) {
    case 'message':
      return { messages: new Map(state.messages).set(event.message.body.id, event.message) };
    case 'message-gone': {
      const messages = new Map(state.messages);
      messages.delete(event.id);
      return { messages };
    }
    case 'request':
      return { requests: [...state.requests.slice(-mostRequests + 1), event.request] };
    case 'people':
      return { people: event.people, channels: event.channels };
    case 'commands':
      return { commands: event.commands };
    case 'bot':
      return { bot: event.bot };
    case 'queue':
      return { queue: event.queue };
    case 'clock':
      return { clockAheadMs: event.clockAheadMs };
  }
}

export function personOf({ people }: Pick<PageState, 'people'>, id: string): PersonView | undefined {
  return people.find((person) => person.id === id);
}

/** Returns the channels that a person sees, those of the server first. */
export function channelsOf({ channels }: Pick<PageState, 'channels'>, person: string): readonly ChannelView[] {
  const seen = channels.filter(({ people }) => people.includes(person));
  return [...seen.filter(({ kind }) => kind === 'server'), ...seen.filter(({ kind }) => kind === 'direct')];
}

/** What parts of the page need of it. */
export interface PageContext {
  readonly store: Store;
  readonly state: PageState;
  readonly me: PersonView;
  readonly words: Words;
}

export const Context = createContext<PageContext | undefined>(undefined);

export function usePage(): PageContext {
  const context = useContext(Context);
  if (!context) throw new Error('Expected to be inside of the page');
  return context;
}

/** Returns the store's state, and has the component drawn again when it changes. */
export function useStoreState(store: Store): PageState | undefined {
  const [state, setState] = useState(store.state);
  useEffect(() => {
    setState(store.state);
    return store.subscribe(() => setState(store.state));
  }, [store]);
  return state;
}
