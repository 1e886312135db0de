import type { Job } from '../../jobs/job.js';
import type { Place } from '../../jobs/workshop.js';
import type { JobProgress } from '../../works/progress.js';
import { accentOf } from '../accent.js';
import type { OutgoingFile, OutgoingMessage } from '../delivery/messenger.js';
import type { View } from '../delivery/reply-editor.js';
import type { Texts } from '../texts/texts.js';
import { customId } from './custom-id.js';
import { container, gallery, textDisplay } from './layout.js';
import { button, buttonRow, type Row } from './rows.js';

export const cancelAction = 'cancel';

/** Least times between edits of a message, in milliseconds: while a job waits, after a change, and while it runs. */
const waitingGapMs = 10_000;
const changeGapMs = 1000;
const runningGapMs = 3000;

/** Smallest difference between two estimates that is news, in milliseconds. */
const newsMs = 15_000;

const barCells = 20;

/** Returns the first reply to an order, which says that it was accepted. */
export function acceptedMessage(texts: Texts, job: Pick<Job, 'id' | 'order'>): OutgoingMessage {
  return { components: [box(job, texts.job.fetching(), [], [cancelRow(texts, job)])] };
}

/** Returns the view of a job that waits for its turn. */
export function waitingView(texts: Texts, job: Job, place: Place): View {
  const text = Number.isFinite(place.endsAt) ? texts.job.waiting(place) : texts.job.noWorkers(place.position);
  return {
    key: `waiting ${place.position} ${Math.round(place.endsAt / newsMs)}`,
    gapMs: waitingGapMs,
    message: { components: [box(job, text, [], [cancelRow(texts, job)])], files: [] },
  };
}

/** Returns the view of a job whose turn has come. */
export function startingView(texts: Texts, job: Job): View {
  return {
    key: `starting ${job.crashes}`,
    gapMs: changeGapMs,
    message: { components: [box(job, texts.job.starting(), [], [cancelRow(texts, job)])], files: [] },
  };
}

/** How far a computation is in time. */
export interface RunningTimes {
  /** The share of its time that has passed, from 0 to 1. */
  readonly share: number;
  /** When it is expected to end, in milliseconds since 1970. */
  readonly endsAt: number;
  /** Whether this is the first progress of the computation, which is news in itself. */
  readonly isFirst: boolean;
}

/**
 * Returns the view of a job that is being computed: a bar, how far it is, and the latest picture, if there was one. The
 * bar shows time, since epochs take longer from scale to scale.
 * @param previews - what {@link previewFile} has made of the latest picture that was given to be seen; none at first.
 */
export function runningView(
  texts: Texts,
  job: Job,
  progress: JobProgress,
  previews: readonly OutgoingFile[],
  { share, endsAt, isFirst }: RunningTimes,
): View {
  const { epoch, isPaused = false } = progress;
  const text = `${bar(share)}\n${texts.job.running({ ...progress, endsAt })}`;
  return {
    key: `running ${job.crashes} ${epoch} ${isPaused}`,
    gapMs: isFirst ? changeGapMs : runningGapMs,
    message: { components: [box(job, text, previews, [cancelRow(texts, job)])], files: previews },
  };
}

/** Returns a picture in the making as a file; it is hidden where the result is to be hidden. */
export function previewFile(texts: Texts, { order }: Job, bytes: Uint8Array): OutgoingFile {
  return { name: `${order.spoiler ? 'SPOILER_' : ''}preview.jpg`, bytes, description: texts.job.previewAlt };
}

/** Returns the message of a job that goes on once the bot has been started again. */
export function suspendedMessage(texts: Texts, job: Job): OutgoingMessage {
  return { components: [box(job, texts.job.suspended(), [], [])], files: [] };
}

/** Returns a bar that is filled to a share from 0 to 1, with the percentage behind it. */
export function bar(share: number): string {
  const bounded = Math.min(Math.max(share, 0), 1);
  const full = Math.round(bounded * barCells);
  return `${'▰'.repeat(full)}${'▱'.repeat(barCells - full)} ${Math.floor(100 * bounded)} %`;
}

function box({ order }: Pick<Job, 'order'>, text: string, pictures: readonly OutgoingFile[], rows: readonly Row[]) {
  return container(accentOf(order), textDisplay(text), ...gallery(pictures, order.spoiler), ...rows);
}

function cancelRow(texts: Texts, job: Pick<Job, 'id'>) {
  return buttonRow(button(customId(cancelAction, job.id), texts.buttons.cancel));
}
