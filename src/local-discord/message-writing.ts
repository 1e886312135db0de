import { type APIEmbed, type APIMessageReference, type APIMessageTopLevelComponent, MessageFlags } from 'discord.js';
import { emptyMessage, entityTooLarge, type Problem } from './api-error.js';
import type { StoredFile, Upload } from './file-store.js';
import type { Message } from './message.js';
import { componentsToShow, embedsToShow } from './message-showing.js';
import { messageProblems, unseenFiles } from './rules/message-rules.js';
import type { World } from './world.js';

/** The body of a request that writes or edits a message; an edit keeps all fields that it does not name. */
export interface MessageBody {
  readonly content?: string | null;
  readonly embeds?: readonly APIEmbed[] | null;
  readonly components?: readonly APIMessageTopLevelComponent[] | null;
  readonly attachments?: readonly AttachmentEntry[] | null;
  readonly flags?: number | null;
  readonly allowed_mentions?: { readonly parse?: readonly string[]; readonly users?: readonly string[] } | null;
  readonly nonce?: string | number | null;
  readonly enforce_nonce?: boolean | null;
  readonly poll?: unknown;
  readonly sticker_ids?: readonly string[] | null;
  readonly message_reference?: (APIMessageReference & { readonly fail_if_not_exists?: boolean }) | null;
}

interface AttachmentEntry {
  /** The number of a file that comes with the request, or the id of one that the message keeps. */
  readonly id: string | number;
  readonly filename?: string | null;
  readonly description?: string | null;
  readonly is_spoiler?: boolean | null;
}

export interface WritingRules {
  /** Largest size that a file of the message may have, in bytes. */
  readonly maxFileBytes: number;
  /** Called with the problems that were found, of which there may be none; throws Discord's answer to them. */
  readonly refuse: (problems: readonly Problem[]) => void;
  /** Called before a file is refused as too large. */
  readonly onTooLarge: (upload: Upload) => void;
  /** Called with the name of each file that Discord takes but shows nowhere, since no component refers to it. */
  readonly onUnseen: (name: string) => void;
}

/** Flags that a bot may set on a message, and that stay. */
const settableFlags =
  MessageFlags.Ephemeral |
  MessageFlags.SuppressEmbeds |
  MessageFlags.SuppressNotifications |
  MessageFlags.IsComponentsV2;

/**
 * Writes into a new message, or edits one that is there. Discord treats both alike, except that an edit keeps what it
 * does not name.
 *
 * @throws ApiError as Discord would answer; the message is then as it was.
 */
export async function writeMessage(
  world: World,
  message: Message,
  body: MessageBody,
  uploads: ReadonlyMap<number, Upload>,
  rules: WritingRules,
): Promise<void> {
  for (const upload of uploads.values()) {
    if (upload.bytes.byteLength <= rules.maxFileBytes) continue;
    rules.onTooLarge(upload);
    throw entityTooLarge();
  }
  const { files, problems } = arrangeFiles(message, body, uploads);
  const isNew = message.edits.length === 0;
  const flags = mergedFlags(message, body, isNew);
  const draft = {
    content: body.content === undefined ? message.content : (body.content ?? ''),
    embeds: body.embeds === undefined ? message.embeds : (body.embeds ?? []),
    components: body.components === undefined ? message.components : (body.components ?? []),
    flags,
    fileNames: files.map(({ name }) => name),
    descriptions: files.map(({ description }) => description),
    hasPoll: Boolean(body.poll),
    hasStickers: (body.sticker_ids ?? []).length > 0,
  };
  const asked = body.flags ?? message.flags;
  if (!isNew && (message.flags & ~asked & MessageFlags.IsComponentsV2) !== 0) {
    problems.push({ path: 'flags', message: 'IS_COMPONENTS_V2 cannot be removed' });
  }
  rules.refuse([...problems, ...messageProblems(draft)]);
  const isForward = message.origin.snapshots !== undefined;
  const isV2 = (flags & MessageFlags.IsComponentsV2) !== 0;
  // Files alone make no message of components: none of them would be seen.
  const parts = draft.components.length + (isV2 ? 0 : draft.embeds.length + files.length);
  if (!draft.content && parts === 0 && !isForward && !draft.hasStickers) throw emptyMessage();
  if (isV2 && body.components) for (const name of unseenFiles(draft)) rules.onUnseen(name);
  const isEphemeral = (flags & MessageFlags.Ephemeral) !== 0;
  const stored = await Promise.all(
    files.map((file) => ('path' in file ? file : world.files.add(file, message.channel.id, isEphemeral))),
  );
  message.content = draft.content;
  message.embeds = embedsToShow(draft.embeds, stored, world);
  message.components = componentsToShow(draft.components, stored, world);
  message.attachments = stored;
  message.flags = flags & ~MessageFlags.Loading;
  message.mentions = mentioned(draft.content, body);
  if (!isNew) message.editedAt = world.clock.now();
  message.edits.push({
    at: world.clock.now(),
    content: message.content,
    embeds: message.embeds,
    components: message.components,
    files: stored,
  });
}

/**
 * Returns the message's files: those that the body lists, kept or new, in their order, then new ones it doesn't list.
 */
function arrangeFiles(message: Message, body: MessageBody, uploads: ReadonlyMap<number, Upload>) {
  const problems: Problem[] = [];
  const files: (StoredFile | Upload)[] = body.attachments ? [] : [...message.attachments];
  const unlisted = new Map(uploads);
  for (const [index, entry] of (body.attachments ?? []).entries()) {
    const upload = uploads.get(Number(entry.id));
    const kept = message.attachments.find(({ id }) => id === String(entry.id));
    const description = entry.description ?? undefined;
    if (upload) {
      unlisted.delete(Number(entry.id));
      const name = entry.filename ?? upload.name;
      const spoiler = entry.is_spoiler ?? upload.spoiler;
      files.push({ ...upload, name, description, spoiler });
    } else if (kept) {
      files.push({ ...kept, description: entry.description === undefined ? kept.description : description });
    } else {
      const message = `"${entry.id}" is neither the number of a file that was sent nor the id of one that is there`;
      problems.push({ path: `attachments.${index}.id`, message });
    }
  }
  files.push(...unlisted.values());
  return { files, problems };
}

function mergedFlags(message: Message, body: MessageBody, isNew: boolean): number {
  const asked = (body.flags ?? 0) & settableFlags;
  // Whether a message is ephemeral is decided by its first state, even if that was only a deferral.
  const lasting = message.flags & (MessageFlags.Ephemeral | MessageFlags.IsComponentsV2);
  if (isNew) return message.isLoading ? (asked & ~MessageFlags.Ephemeral) | lasting : asked | lasting;
  return body.flags === undefined || body.flags === null ? message.flags : (asked & ~MessageFlags.Ephemeral) | lasting;
}

/** Returns the ids of the users whom a message notifies: those named in its text, as far as the bot allowed it. */
function mentioned(content: string, { allowed_mentions: allowed }: MessageBody): string[] {
  const named = [...content.matchAll(/<@!?(\d+)>/g)].flatMap(([, id]) => id ?? []);
  if (!allowed) return named;
  return named.filter((id) => allowed.parse?.includes('users') || allowed.users?.includes(id));
}
