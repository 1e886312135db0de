import type { Job } from '../../jobs/job.js';
import type { Place } from '../../jobs/workshop.js';
import type { JobProgress } from '../../works/progress.js';
import type { OutgoingMessage } from '../delivery/messenger.js';
import type { View } from '../delivery/reply-editor.js';
import type { Texts } from '../texts/texts.js';
import { customId } from './custom-id.js';
import { button, buttonRow } from './rows.js';

export const cancelAction = 'cancel';

/** Least times between edits of a message, in milliseconds: while a job waits, after a change, and while it runs. */
const waitingGapMs = 10_000;
const changeGapMs = 1000;
const runningGapMs = 3000;

/** Smallest difference between two estimates that is news, in milliseconds. */
const newsMs = 15_000;

const barCells = 20;

/** Returns the first reply to an order, which says that it was accepted. */
export function acceptedMessage(texts: Texts, job: Pick<Job, 'id'>): OutgoingMessage {
  return { content: texts.job.fetching(), components: [cancelRow(texts, job)] };
}

/** Returns the view of a job that waits for its turn. */
export function waitingView(texts: Texts, job: Job, place: Place): View {
  return {
    key: `waiting ${place.position} ${Math.round(place.endsAt / newsMs)}`,
    gapMs: waitingGapMs,
    message: {
      content: Number.isFinite(place.endsAt) ? texts.job.waiting(place) : texts.job.noWorkers(place.position),
      components: [cancelRow(texts, job)],
    },
  };
}

/** Returns the view of a job whose turn has come. */
export function startingView(texts: Texts, job: Job): View {
  return {
    key: `starting ${job.crashes}`,
    gapMs: changeGapMs,
    message: { content: texts.job.starting(), components: [cancelRow(texts, job)] },
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
 * Returns the view of a job that is being computed: a bar, how far it is, and now and then the picture as it is. The
 * bar shows time, since epochs take longer from scale to scale.
 */
export function runningView(
  texts: Texts,
  job: Job,
  progress: JobProgress,
  { share, endsAt, isFirst }: RunningTimes,
): View {
  const { epoch, preview, isPaused = false } = progress;
  const files = preview && [{ name: previewName(job), bytes: preview, description: texts.job.previewAlt }];
  return {
    key: `running ${job.crashes} ${epoch} ${isPaused}`,
    gapMs: isFirst ? changeGapMs : runningGapMs,
    message: {
      content: `${bar(share)}\n${texts.job.running({ ...progress, endsAt })}`,
      components: [cancelRow(texts, job)],
      files,
    },
  };
}

/** Returns the message of a job that goes on once the bot has been started again. */
export function suspendedMessage(texts: Texts): OutgoingMessage {
  return { content: texts.job.suspended(), components: [], files: [] };
}

/** Returns a bar that is filled to a share from 0 to 1, with the percentage behind it. */
export function bar(share: number): string {
  const bounded = Math.min(Math.max(share, 0), 1);
  const full = Math.round(bounded * barCells);
  return `${'▰'.repeat(full)}${'▱'.repeat(barCells - full)} ${Math.floor(100 * bounded)} %`;
}

function cancelRow(texts: Texts, job: Pick<Job, 'id'>) {
  return buttonRow(button(customId(cancelAction, job.id), texts.buttons.cancel));
}

/** Returns the name of a preview's file, which hides the preview if the result is to be hidden. */
function previewName({ order }: Job): string {
  return `${order.spoiler ? 'SPOILER_' : ''}preview.jpg`;
}
