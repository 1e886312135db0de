import { ButtonStyle } from 'discord.js';
import type { Job, ResultFacts } from '../../jobs/job.js';
import type { OutgoingFile, OutgoingMessage } from '../delivery/messenger.js';
import { kindOf, wordsOf } from '../kinds/kinds.js';
import { errorText, type Texts } from '../texts/texts.js';
import { customId } from './custom-id.js';
import { button, buttonRow, shortened } from './rows.js';

export const deleteAction = 'delete';

/** Discord's bound on alt text, in characters. */
const longestDescription = 1024;

/**
 * Returns the message that tells the outcome of a job.
 * @param files - the result's files, by their names.
 * @throws Error for a job that has no outcome.
 */
export function outcomeMessage(texts: Texts, job: Job, files: ReadonlyMap<string, Uint8Array>): OutgoingMessage {
  const { outcome } = job;
  switch (outcome?.kind) {
    case 'result':
      return resultMessage(texts, job, outcome.result, files);
    case 'failed':
      return { content: errorText(texts, outcome.failure.code, outcome.failure.context), components: [], files: [] };
    case 'cancelled':
      return { content: texts.job.cancelled[outcome.by], components: [], files: [] };
    case undefined:
      throw new Error(`Job ${job.id} has no outcome to be told.`);
  }
}

function resultMessage(
  texts: Texts,
  job: Job,
  result: ResultFacts,
  files: ReadonlyMap<string, Uint8Array>,
): OutgoingMessage {
  const pictures: OutgoingFile[] = [];
  const add = (name: string | undefined, description: string | undefined) => {
    const bytes = name === undefined ? undefined : files.get(name);
    if (name === undefined || bytes === undefined || description === undefined) return;
    pictures.push({ name: fileName(job, name), bytes, description: shortened(description, longestDescription) });
  };
  const words = wordsOf(texts, job.order, result);
  add(result.picture, words.pictureAlt);
  add(result.animation, words.animationAlt);
  const lines = [
    `**${words.headline}**`,
    `-# ${words.facts}`,
    // The recipe is a block of code, which people can copy with one click.
    ...(words.recipe === undefined ? [] : [`\`\`\`\n${words.recipe}\n\`\`\``]),
    ...lackOf(texts, result).map((lack) => `-# ${lack}`),
    ...(result.animation === undefined && words.animationAlt !== undefined ? [`-# ${texts.job.noAnimation}`] : []),
  ];
  return { content: lines.join('\n'), components: [resultButtons(texts, job)], files: pictures };
}

/** Says what a result lacks of what was asked for; nothing where it lacks nothing. */
function lackOf(texts: Texts, { shrunk, cutShort = false }: ResultFacts): readonly string[] {
  if (cutShort) return [texts.job.cutShort(shrunk)];
  return shrunk ? [texts.job.smaller(shrunk)] : [];
}

/** Returns a result's message without its animation, for where Discord takes less than it promised. */
export function withoutAnimation(texts: Texts, message: OutgoingMessage): OutgoingMessage {
  const files = message.files?.slice(0, 1);
  return { ...message, content: `${message.content}\n-# ${texts.job.noAnimation}`, files };
}

/** Returns the message that says that a result is too large, for where Discord doesn't take the picture either. */
export function withoutFiles(texts: Texts, message: OutgoingMessage): OutgoingMessage {
  return { ...message, content: errorText(texts, 'result-too-large'), files: [] };
}

/** Returns the message that calls back a person who has waited long. */
export function readyMessage(texts: Texts, { ownerId, outcome }: Job, link: string): OutgoingMessage {
  const text = outcome?.kind === 'result' ? texts.job.ready : texts.job.notReady;
  return { content: text(`<@${ownerId}>`, link), components: [] };
}

/** Returns the address of a job's message. */
export function messageLink({ guildId, reply: { channelId, messageId } }: Job): string {
  return `https://discord.com/channels/${guildId ?? '@me'}/${channelId}/${messageId}`;
}

/**
 * Returns the buttons below a result: those of its kind, and one that deletes the message. The owner's id is in that
 * one, since it must work after the job has been forgotten.
 */
function resultButtons(texts: Texts, { id, ownerId, order }: Job) {
  const offered = kindOf(order)?.looks ?? [];
  return buttonRow(
    ...offered.map(({ action, label, style }) => button(customId(action, id), label(texts), style)),
    button(customId(deleteAction, ownerId), texts.buttons.delete, ButtonStyle.Danger),
  );
}

/** Returns the name of a result's file. Discord hides pictures until a click if their names begin with SPOILER_. */
function fileName({ order }: Job, name: string): string {
  return `${order.spoiler ? 'SPOILER_' : ''}whitewalker-${name}`;
}
