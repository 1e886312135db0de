import { createHash } from 'node:crypto';
import { english } from '../../src/discord/texts/english.js';
import type { Message, MessageEdit } from '../../src/local-discord/message.js';
import { textsOf } from '../../src/local-discord/message-components.js';

/**
 * The fates that an order can have. All but `gone` are told by what its person can see in Discord alone:
 * - `unheard`: nothing answered, and Discord itself said so.
 * - `refused`: the answer was a refusal. Nothing was promised.
 * - `delivered`, `failed`, `cancelled`: the order was accepted, and this is what its message says in the end.
 * - `gone`: the order was accepted, and its person deleted the message. Nothing is posted anew then, so nothing in Discord
 *   tells this fate from `waiting`: here, and only here, the bot's log is believed.
 * - `waiting`: the order was accepted, and its message says nothing final. Once nothing is under way any more, it
 *   counts as `lost`.
 */
export type Fate = 'unheard' | 'refused' | 'waiting' | 'delivered' | 'failed' | 'cancelled' | 'gone';

/** What is known of one order: its account is worked out from this alone. */
export interface Evidence {
  /** The bot's messages about the order: the reply, its follow-ups, then what it posted for the job in the channel. */
  readonly messages: readonly Pick<Message, 'edits' | 'isDeleted'>[];
  /** Whether Discord told the person that the application did not respond. */
  readonly hasFailed: boolean;
  /** Whether anybody has pressed the order's Cancel button. */
  readonly isCancelAsked: boolean;
  /** Whether the person has deleted the order's message, and the bot has logged that there is nobody to be told. */
  readonly isGivenUp: boolean;
  /** Number of messages that called the person back to the result. */
  readonly calls: number;
  /** Height over width of the result that was ordered; undefined where it does not follow from the uploaded picture. */
  readonly aspect?: number | undefined;
}

export interface Account {
  readonly fate: Fate;
  /** The failure's text, or the refusal's. */
  readonly reason?: string | undefined;
  /** Reasons why the order counts as doubled, in sentences; empty where it doesn't. */
  readonly doubled: readonly string[];
  /** Reasons why the person did not get what was ordered, in sentences; empty where they did. */
  readonly wrong: readonly string[];
  /** How often the very same outcome was written again into the order's message, which nobody can see. */
  readonly repeats: number;
}

/** What a message says after one of its edits: progress, or an outcome with a key that is equal for equal outcomes. */
type Statement =
  | { readonly kind: 'progress' }
  | { readonly kind: 'delivered' | 'failed' | 'cancelled'; readonly key: string; readonly edit: MessageEdit };

const { job: texts } = english;

/** Returns the job's id out of a Cancel button's custom_id; undefined without one. Only accepted jobs have one. */
export function jobIn({ components }: Pick<MessageEdit, 'components'>): string | undefined {
  return /"custom_id":"cancel:([0-9a-f]+)"/.exec(JSON.stringify(components))?.[1];
}

/** Works out what became of an order, and what went wrong with it. */
export function accountOf({ messages, hasFailed, isCancelAsked, isGivenUp, calls, aspect }: Evidence): Account {
  const [answer] = messages;
  const first = answer?.edits[0];
  const nothing = { doubled: [], wrong: [], repeats: 0 };
  if (first === undefined) return { fate: hasFailed ? 'unheard' : 'waiting', ...nothing };
  if (jobIn(first) === undefined) return { fate: 'refused', reason: textsOf(first).join('\n'), ...nothing };

  const doubled: string[] = [];
  const wrong: string[] = [];
  let repeats = 0;
  const told: Exclude<Statement, { kind: 'progress' }>[] = [];
  let isOpen = true;
  for (const { edits, isDeleted } of messages) {
    const statements = edits.map(statementOf);
    const outcomes = statements.filter((each) => each.kind !== 'progress');
    const distinct = new Map(outcomes.map((each) => [each.key, each]));
    if (distinct.size > 1) doubled.push(`one message was given ${distinct.size} different outcomes`);
    repeats += outcomes.length - distinct.size;
    const last = statements.at(-1);
    if (outcomes.length > 0 && last?.kind === 'progress') doubled.push('its outcome was overwritten afterwards');
    if (last !== undefined && last.kind !== 'progress' && !isDeleted) {
      told.push(last);
      isOpen = false;
    }
  }
  if (told.length > 1) doubled.push(`${told.length} messages tell an outcome`);
  if (calls > 1) doubled.push(`its person was called ${calls} times`);
  const outcome = told.at(-1);
  if (isOpen || outcome === undefined) return { fate: isGivenUp ? 'gone' : 'waiting', doubled, wrong, repeats };
  if (outcome.kind === 'cancelled' && !isCancelAsked) wrong.push('it was cancelled, and nobody had asked for that');
  if (outcome.kind === 'delivered') wrong.push(...faultsOf(outcome.edit, aspect));
  const reason = outcome.kind === 'failed' ? textsOf(outcome.edit).join('\n') : undefined;
  return { fate: outcome.kind, reason, doubled, wrong, repeats };
}

function statementOf(edit: MessageEdit): Statement {
  const { files } = edit;
  const text = textsOf(edit).join('\n');
  const isUnderWay = jobIn(edit) !== undefined || text === texts.suspended();
  if (isUnderWay) return { kind: 'progress' };
  const bytes = resultIn(edit)?.bytes;
  const cancelled: readonly string[] = Object.values(texts.cancelled);
  const kind = bytes !== undefined ? 'delivered' : cancelled.includes(text) ? 'cancelled' : 'failed';
  const hash = createHash('sha256').update(text);
  for (const file of files) hash.update(file.bytes);
  return { kind, key: hash.digest('hex'), edit };
}

function resultIn({ files }: MessageEdit) {
  return files.find(({ name }) => name.includes('result'));
}

/** Returns what is wrong with a result, in sentences. Pictures of other orders are known by their proportions. */
function faultsOf(edit: MessageEdit, aspect: number | undefined): readonly string[] {
  const { width, height } = resultIn(edit) ?? {};
  if (width === undefined || height === undefined) return ['what it was given is no picture'];
  // The height may be off by one row of pixels, because it is rounded.
  if (aspect === undefined || Math.abs(height - aspect * width) <= 1) return [];
  return [`it was given a picture of ${width} × ${height}, which is not the one that was ordered`];
}
