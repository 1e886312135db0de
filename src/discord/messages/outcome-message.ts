import { ButtonStyle } from 'discord.js';
import type { Job, ResultFacts } from '../../jobs/job.js';
import { accentOf } from '../accent.js';
import type { OutgoingFile, OutgoingMessage, TextMessage } from '../delivery/messenger.js';
import { kindOf, wordsOf } from '../kinds/kinds.js';
import { failureText, mayPass } from '../texts/failure-texts.js';
import type { Texts } from '../texts/texts.js';
import { customId } from './custom-id.js';
import { container, gallery, textDisplay } from './layout.js';
import { button, buttonRows, shortened } from './rows.js';

export const deleteAction = 'delete';
export const tryAgainAction = 'try-again';

/** Discord's bound on alt text, in characters. */
const longestDescription = 1024;

/** Colour of messages about failures. */
const failureAccent = 0xc0392b;

/**
 * Returns the messages that tell the outcome of a job, to be tried one after the other until Discord takes one: it may take
 * less than it promised. A result comes whole first, then without its animation, then as what is said where nothing fits.
 * @param files - the result's files, by their names.
 * @throws Error for a job that has no outcome.
 */
export function outcomeMessages(
  texts: Texts,
  job: Job,
  files: ReadonlyMap<string, Uint8Array>,
): readonly [OutgoingMessage, ...OutgoingMessage[]] {
  const { outcome } = job;
  switch (outcome?.kind) {
    case 'result': {
      const { animation, ...still } = outcome.result;
      const tooLarge = { code: 'result-too-large', context: {} };
      return [
        resultMessage(texts, job, outcome.result, files),
        ...(animation === undefined ? [] : [resultMessage(texts, job, still, files)]),
        noPictureMessage(texts, job, failureText(texts, tooLarge), { accent: failureAccent, canTryAgain: false }),
      ];
    }
    case 'failed': {
      const { failure } = outcome;
      const options = { accent: failureAccent, canTryAgain: mayPass(failure) };
      return [noPictureMessage(texts, job, failureText(texts, failure), options)];
    }
    case 'cancelled':
      // What a moderator has cancelled is not to be brought back by one click.
      return [noPictureMessage(texts, job, texts.job.cancelled[outcome.by], { canTryAgain: outcome.by === 'owner' })];
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
  const { id, order } = job;
  const pictures: OutgoingFile[] = [];
  const add = (name: string | undefined, description: string | undefined) => {
    const bytes = name === undefined ? undefined : files.get(name);
    if (name === undefined || bytes === undefined || description === undefined) return;
    pictures.push({ name: fileName(job, name), bytes, description: shortened(description, longestDescription) });
  };
  const words = wordsOf(texts, order, result);
  add(result.picture, words.pictureAlt);
  add(result.animation, words.animationAlt);
  const lines = [
    `-# ${words.facts}`,
    // The recipe is a block of code, which people can copy with one click.
    ...(words.recipe === undefined ? [] : [`\`\`\`\n${words.recipe}\n\`\`\``]),
    ...[...(words.notes ?? []), ...lackOf(texts, result)].map((note) => `-# ${note}`),
    // A result that moves has no animation of how it came about.
    ...(result.animation === undefined && result.frames === undefined && words.animationAlt !== undefined
      ? [`-# ${result.animationLackedMemory ? texts.job.noMemoryForAnimation : texts.job.noAnimation}`]
      : []),
  ];
  const offered = kindOf(order)?.looks ?? [];
  const buttons = offered.map(({ action, label, style }) => button(customId(action, id), label(texts), style));
  const box = container(
    accentOf(order, result),
    textDisplay(`**${words.headline}**`),
    ...gallery(pictures, order.spoiler),
    textDisplay(...lines),
    ...buttonRows(...buttons, deleteButton(texts, job)),
  );
  return { components: [box], files: pictures };
}

/** Returns the message of a job that came to no picture. */
function noPictureMessage(
  texts: Texts,
  job: Job,
  text: string,
  { accent, canTryAgain }: { readonly accent?: number; readonly canTryAgain: boolean },
): OutgoingMessage {
  const again = button(customId(tryAgainAction, job.id), texts.buttons.tryAgain, ButtonStyle.Primary);
  const offers = canTryAgain && kindOf(job.order) !== undefined ? [again] : [];
  const rows = buttonRows(...offers, deleteButton(texts, job));
  return { components: [container(accent, textDisplay(text), ...rows)], files: [] };
}

/** Says what a result lacks of what was asked for; nothing where it lacks nothing. */
function lackOf(texts: Texts, { shrunk, cutShort = false, outOfTime }: ResultFacts): readonly string[] {
  if (cutShort) return [texts.job.cutShort(shrunk)];
  const late = outOfTime === undefined ? [] : [texts.job.outOfTime(outOfTime)];
  return shrunk ? [texts.job.smaller(shrunk), ...late] : late;
}

/** Returns the message that calls back a person who has waited long. */
export function readyMessage(texts: Texts, { ownerId, outcome }: Job, link: string): TextMessage {
  const text = outcome?.kind === 'result' ? texts.job.ready : texts.job.notReady;
  return { content: text(`<@${ownerId}>`, link) };
}

/** Returns the address of a job's message. */
export function messageLink({ guildId, reply: { channelId, messageId } }: Job): string {
  return `https://discord.com/channels/${guildId ?? '@me'}/${channelId}/${messageId}`;
}

/**
 * Returns the button that deletes a message about a job. The owner's id is in it, and not the job's, since it must work
 * after the job has been forgotten.
 */
function deleteButton(texts: Texts, { ownerId }: Job) {
  return button(customId(deleteAction, ownerId), texts.buttons.delete, ButtonStyle.Danger);
}

/** Returns the name of a result's file. Discord hides pictures until a click if their names begin with SPOILER_. */
function fileName({ order }: Job, name: string): string {
  return `${order.spoiler ? 'SPOILER_' : ''}whitewalker-${name}`;
}
