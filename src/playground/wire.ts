// What the playground's server and its page tell each other. The page is built apart from the program, and shares only this
// file with it. Shapes are Discord's, as far as the page draws them.

/** The languages that people switch between, as Discord names them. */
export type PersonLanguage = 'en-US' | 'de';

export type PersonRole = 'member' | 'moderator' | 'direct' | 'bot';

export interface PersonView {
  readonly id: string;
  readonly name: string;
  /** Address of the avatar, on the page's own server. */
  readonly avatar: string;
  readonly role: PersonRole;
  readonly language: PersonLanguage;
}

export interface ChannelView {
  readonly id: string;
  readonly name: string;
  readonly kind: 'server' | 'direct';
  /** Ids of the people who see the channel, the bot's not among them. */
  readonly people: readonly string[];
  /** Size that an uploaded file may have, in bytes. */
  readonly uploadLimit: number;
}

export interface AttachmentView {
  readonly id: string;
  readonly filename: string;
  readonly size: number;
  readonly url: string;
  readonly content_type?: string;
  readonly width?: number | null;
  readonly height?: number | null;
  readonly description?: string | null;
  readonly flags?: number;
}

export interface MediaView {
  readonly url: string;
  readonly width?: number | null;
  readonly height?: number | null;
}

export interface EmbedView {
  readonly title?: string;
  readonly description?: string;
  readonly color?: number;
  readonly image?: MediaView;
  readonly thumbnail?: MediaView;
}

export interface SelectOptionView {
  readonly label: string;
  readonly value: string;
  readonly description?: string;
  readonly default?: boolean;
}

/** Any component of a message or modal. Which of the fields it has depends on its type. */
export interface ComponentView {
  readonly type: number;
  readonly id?: number;
  readonly custom_id?: string;
  readonly label?: string;
  readonly style?: number;
  readonly disabled?: boolean;
  readonly required?: boolean;
  readonly content?: string;
  readonly url?: string;
  readonly placeholder?: string;
  readonly description?: string | null;
  readonly value?: string;
  readonly spoiler?: boolean;
  readonly divider?: boolean;
  readonly accent_color?: number | null;
  readonly min_values?: number;
  readonly max_values?: number;
  readonly min_length?: number;
  readonly max_length?: number;
  readonly file_types?: readonly string[];
  readonly options?: readonly SelectOptionView[];
  readonly components?: readonly ComponentView[];
  readonly accessory?: ComponentView;
  readonly component?: ComponentView;
  readonly items?: readonly {
    readonly media: MediaView;
    readonly description?: string | null;
    readonly spoiler?: boolean;
  }[];
  readonly media?: MediaView;
  readonly file?: MediaView;
  readonly name?: string | null;
}

export interface MessageBody {
  readonly id: string;
  readonly channel_id: string;
  readonly author: { readonly id: string };
  readonly content: string;
  readonly timestamp: string;
  readonly edited_timestamp: string | null;
  readonly attachments: readonly AttachmentView[];
  readonly embeds: readonly EmbedView[];
  readonly components: readonly ComponentView[];
  readonly flags: number;
  readonly interaction_metadata?: { readonly user: { readonly id: string } };
  readonly message_reference?: { readonly message_id?: string };
}

/** A message as Discord's API shows it; addresses of files are paths on the page's own server. */
export interface MessageView {
  readonly body: MessageBody;
  /** The command that the message answers, such as `settings show`. */
  readonly command?: string | undefined;
  /** Id of the one person who sees the message. */
  readonly onlyFor?: string | undefined;
}

export interface RequestView {
  /** Counts up, from 1. */
  readonly number: number;
  readonly method: string;
  /** The request's path, without tokens. */
  readonly path: string;
  /** Status of the answer; 0 where the connection was cut instead. */
  readonly status: number;
  readonly ms: number;
  /** When the request came, in milliseconds since 1970 by the clock of the local Discord. */
  readonly at: number;
  readonly violations: readonly string[];
}

export interface BotView {
  readonly state: 'starting' | 'running' | 'ended' | 'failed';
  /** Whether the bot has a connection to the gateway. */
  readonly isConnected: boolean;
  /** Number of times that the bot was started again after it had ended. */
  readonly restarts: number;
  /** Number of compute processes that the bot has. */
  readonly computeProcesses: number;
  /** The last that the bot said before it failed. */
  readonly lastWords?: string | undefined;
}

/** Numbers of jobs by their state, as the bot tells operators; undefined while it tells nothing. */
export type QueueView = Readonly<Record<string, number>> | undefined;

/** Ids of the commands that a person finds in a channel, by both of their ids with a space between. */
export type UsableCommands = Readonly<Record<string, readonly string[]>>;

/** Texts in other languages, by Discord's names of those. */
export type Localizations = Readonly<Partial<Record<string, string | null>>> | null;

export interface ChoiceView {
  readonly name: string;
  readonly name_localizations?: Localizations;
  readonly value: string | number;
}

export interface OptionView {
  readonly type: number;
  readonly name: string;
  readonly name_localizations?: Localizations;
  readonly description: string;
  readonly description_localizations?: Localizations;
  readonly required?: boolean;
  readonly choices?: readonly ChoiceView[];
  readonly options?: readonly OptionView[];
  readonly autocomplete?: boolean;
  readonly channel_types?: readonly number[];
  readonly file_types?: readonly string[];
  readonly min_value?: number;
  readonly max_value?: number;
  readonly min_length?: number;
  readonly max_length?: number;
}

export interface CommandView {
  readonly id: string;
  readonly type: number;
  readonly name: string;
  readonly name_localizations?: Localizations;
  readonly description: string;
  readonly description_localizations?: Localizations;
  readonly options?: readonly OptionView[];
}

export interface CommandsView {
  readonly all: readonly CommandView[];
  readonly usable: UsableCommands;
}

export interface Snapshot {
  /** Whether this visitor owns the playground: may be anybody, and cause trouble. Guests are one person. */
  readonly isOwner: boolean;
  /** The person that the visitor is at first. */
  readonly you: string;
  readonly serverName: string;
  readonly people: readonly PersonView[];
  readonly channels: readonly ChannelView[];
  readonly roles: readonly { readonly id: string; readonly name: string }[];
  readonly messages: readonly MessageView[];
  readonly commands: CommandsView;
  readonly bot: BotView;
  readonly queue: QueueView;
  readonly requests: readonly RequestView[];
  /** How far the local Discord's clock was put forward, in milliseconds. */
  readonly clockAheadMs: number;
}

/** What the stream of events tells the page. The first event is a snapshot, and so is the first after a lost connection. */
export type PageEvent =
  | { readonly kind: 'snapshot'; readonly snapshot: Snapshot }
  | { readonly kind: 'message'; readonly message: MessageView }
  | { readonly kind: 'message-gone'; readonly id: string }
  | { readonly kind: 'people'; readonly people: readonly PersonView[]; readonly channels: readonly ChannelView[] }
  | { readonly kind: 'commands'; readonly commands: CommandsView }
  | { readonly kind: 'bot'; readonly bot: BotView }
  | { readonly kind: 'queue'; readonly queue: QueueView }
  | { readonly kind: 'request'; readonly request: RequestView }
  | { readonly kind: 'clock'; readonly clockAheadMs: number };

/** A file that was uploaded before by its id, or one of the example pictures by its name. */
export type FileReference = { readonly upload: string } | { readonly example: string };

/** The value of an option or a field. What stands for a person, a channel or a role has its id. */
export type GivenValue =
  | string
  | number
  | boolean
  | FileReference
  | { readonly id: string }
  | readonly string[]
  | readonly FileReference[];

export type GivenValues = Readonly<Record<string, GivenValue>>;

/** What a visitor does as a person. */
export type Act =
  | {
      readonly do: 'command';
      readonly channel: string;
      readonly name: string;
      readonly subcommand: readonly string[];
      readonly values: GivenValues;
    }
  | {
      readonly do: 'autocomplete';
      readonly channel: string;
      readonly name: string;
      readonly subcommand: readonly string[];
      readonly option: string;
      readonly text: string;
      readonly values: GivenValues;
    }
  | { readonly do: 'message-menu'; readonly message: string; readonly name: string }
  | { readonly do: 'user-menu'; readonly channel: string; readonly user: string; readonly name: string }
  | { readonly do: 'click'; readonly message: string; readonly button: string }
  | { readonly do: 'select'; readonly message: string; readonly menu: string; readonly values: readonly string[] }
  /** Sends the modal that was the answer to an earlier act. */
  | { readonly do: 'submit'; readonly interaction: string; readonly values: GivenValues }
  | {
      readonly do: 'post';
      readonly channel: string;
      readonly content: string;
      readonly files: readonly FileReference[];
    }
  | { readonly do: 'delete-message'; readonly message: string }
  | { readonly do: 'language'; readonly language: PersonLanguage };

export const troubles = [
  'kill-bot',
  'kill-compute',
  'drop-gateway',
  'rate-limit',
  'slow-cdn',
  'clock-forward',
] as const;
export type Trouble = (typeof troubles)[number];

/** What came of an act. */
export type ActOutcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'modal'; readonly interaction: string; readonly modal: ModalView }
  | { readonly kind: 'choices'; readonly choices: readonly ChoiceView[] }
  /** The bot did not answer in time, or is not there. */
  | { readonly kind: 'no-response' }
  /** Discord's client refuses to send this. */
  | { readonly kind: 'refused'; readonly why: string };

export interface ModalView {
  readonly custom_id: string;
  readonly title: string;
  readonly components: readonly ComponentView[];
}
