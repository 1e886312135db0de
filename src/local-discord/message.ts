import {
  type APIEmbed,
  type APIMessage,
  type APIMessageInteractionMetadata,
  type APIMessageReference,
  type APIMessageSnapshot,
  type APIMessageTopLevelComponent,
  type APIStickerItem,
  MessageFlags,
  MessageType,
} from 'discord.js';
import type { Channel } from './channel.js';
import type { StoredFile } from './file-store.js';
import { type ButtonInMessage, buttonsOf, textsOf } from './message-components.js';
import type { User } from './user.js';

/** The state of a message after it was written or edited. */
export interface MessageEdit {
  /** When the message got this state, in milliseconds since 1970 by the clock of the local Discord. */
  readonly at: number;
  readonly content: string;
  readonly embeds: readonly APIEmbed[];
  readonly components: readonly APIMessageTopLevelComponent[];
  readonly files: readonly StoredFile[];
}

export interface MessageOrigin {
  readonly id: string;
  readonly channel: Channel;
  readonly author: User;
  readonly createdAt: number;
  readonly type?: MessageType | undefined;
  readonly reference?: APIMessageReference | undefined;
  readonly snapshots?: readonly APIMessageSnapshot[] | undefined;
  readonly stickers?: readonly APIStickerItem[] | undefined;
  readonly interaction?: APIMessageInteractionMetadata | undefined;
  readonly applicationId?: string | undefined;
  /** Name of the command that the message answers, such as `settings show`. */
  readonly command?: string | undefined;
  readonly nonce?: string | number | undefined;
}

/** A message as it is now, with all its earlier states. */
export class Message {
  content = '';
  embeds: readonly APIEmbed[] = [];
  components: readonly APIMessageTopLevelComponent[] = [];
  attachments: readonly StoredFile[] = [];
  flags = 0;
  /** Ids of the users whom the message notified. */
  mentions: readonly string[] = [];
  editedAt: number | undefined;
  isDeleted = false;
  /** All states of the message, from the first that was written to the present one; a deferral is none. */
  readonly edits: MessageEdit[] = [];
  readonly origin: MessageOrigin;

  constructor(origin: MessageOrigin) {
    this.origin = origin;
  }

  get id(): string {
    return this.origin.id;
  }

  get channel(): Channel {
    return this.origin.channel;
  }

  get author(): User {
    return this.origin.author;
  }

  get nonce(): string | number | undefined {
    return this.origin.nonce;
  }

  /** Whether only the person who used the command sees the message. */
  get isEphemeral(): boolean {
    return (this.flags & MessageFlags.Ephemeral) !== 0;
  }

  /** Whether the message says nothing yet but that the bot is thinking. */
  get isLoading(): boolean {
    return (this.flags & MessageFlags.Loading) !== 0;
  }

  /** All text that can be read in the message: content, embeds and components, in lines. */
  get text(): string {
    return textsOf(this).join('\n');
  }

  get buttons(): readonly ButtonInMessage[] {
    return buttonsOf(this.components);
  }

  toApi(): APIMessage {
    const { channel, origin } = this;
    return {
      id: origin.id,
      channel_id: channel.id,
      type: origin.type ?? MessageType.Default,
      author: origin.author.toApi(),
      content: this.content,
      timestamp: new Date(origin.createdAt).toISOString(),
      edited_timestamp: this.editedAt === undefined ? null : new Date(this.editedAt).toISOString(),
      tts: false,
      mention_everyone: false,
      mentions: this.mentions.flatMap((id) => channel.userById(id)?.toApi() ?? []),
      mention_roles: [],
      attachments: this.attachments.map((file) => channel.files.toApi(file)),
      embeds: [...this.embeds],
      components: [...this.components],
      pinned: false,
      flags: this.flags,
      ...(origin.nonce !== undefined && { nonce: origin.nonce }),
      ...(origin.applicationId !== undefined && { application_id: origin.applicationId }),
      ...(origin.interaction && { interaction_metadata: origin.interaction }),
      ...(origin.reference && { message_reference: origin.reference }),
      ...(origin.type === MessageType.Reply && { referenced_message: this.#referenced() }),
      ...(origin.snapshots && { message_snapshots: [...origin.snapshots] }),
      ...(origin.stickers && { sticker_items: [...origin.stickers] }),
    };
  }

  #referenced(): APIMessage | null {
    const id = this.origin.reference?.message_id;
    return this.channel.messages.find((message) => message.id === id)?.toApi() ?? null;
  }
}
