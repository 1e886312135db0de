import { randomBytes } from 'node:crypto';
import type { Shrinkage } from '../works/within-memory.js';
import type { InputName } from '../works/work.js';
import type { Findings, Task } from '../works/works.js';
import type { Order, PresetReference } from './order.js';

/** Where a picture comes from until it is stored with its job. */
export type InputSource =
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'preset'; readonly preset: PresetReference }
  /** The same input of an earlier job, for "more epochs" and the like. */
  | { readonly kind: 'job'; readonly jobId: string };

/** Where all pictures of a job come from. */
export type JobInputs = Readonly<Partial<Record<InputName, InputSource>>>;

/** Where a job's messages go. Plain data; only src/discord makes sense of it. */
export interface ReplyAddress {
  readonly applicationId: string;
  /** The interaction's; it and `token` are how the reply is edited for 15 minutes. */
  readonly interactionId: string;
  /** A secret: in the journal until the job is closed, and never in a log. */
  readonly token: string;
  readonly channelId: string | undefined;
  /** The message that shows progress and becomes the result; undefined until Discord has told it. */
  readonly messageId: string | undefined;
  /** Whether only the person sees it. */
  readonly ephemeral: boolean;
  /** Whether the bot may speak in the channel with its own token, once the interaction's has run out. */
  readonly botMaySpeak: boolean;
  /** Discord's locale of the person, such as `de` or `en-GB`. */
  readonly locale: string;
  /** Bytes that a file may have here. */
  readonly maxFileBytes: number;
  /**
   * When the job has to be over, in milliseconds since 1970, because its person can't be reached any more; undefined where
   * the bot may speak for itself.
   */
  readonly deadlineAt: number | undefined;
}

/** How far a job is. `delivering`: there is an outcome that its person has not been told yet. `closed`: nothing is left to do. */
export const jobStates = ['accepted', 'queued', 'running', 'delivering', 'closed'] as const;
export type JobState = (typeof jobStates)[number];

/** Why a job failed, by a code that texts are looked up by; see `UserError`. */
export interface Failure {
  readonly code: string;
  readonly context: Readonly<Record<string, string | number>>;
}

/** What became of a job. Result files lie with the job's files. */
export type Outcome =
  | { readonly kind: 'result'; readonly result: ResultFacts }
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'cancelled'; readonly by: 'owner' | 'moderator' };

/** What is told with a result. */
export interface ResultFacts {
  readonly width: number;
  readonly height: number;
  /** File names within the job's files, such as `result.png`; the animation is missing where none fits. */
  readonly picture: string;
  readonly animation?: string | undefined;
  /** Undefined where it has the size that was asked for. */
  readonly shrunk?: Shrinkage | undefined;
  /** Optimiser steps that were made. */
  readonly epochs: number;
  /** Of computing, from the task's start to the encoded result. */
  readonly seconds: number;
  /** Undefined where a kind has nothing else to tell. */
  readonly findings?: Findings | undefined;
}

/** A job, from acceptance on. It is in the journal before its person is told that it was accepted. */
export interface Job {
  readonly id: string;
  readonly task: Task;
  readonly order: Order;
  readonly inputs: JobInputs;
  /** The person's Discord id: who may cancel it, and whom fairness is between. */
  readonly ownerId: string;
  /** The server's, undefined in direct messages and where only the person installed the bot. */
  readonly guildId: string | undefined;
  readonly reply: ReplyAddress;
  /** Milliseconds since 1970. */
  readonly acceptedAt: number;
  readonly state: JobState;
  /** Times that computing was begun and ended in a crash. */
  readonly crashes: number;
  readonly outcome: Outcome | undefined;
}

/** An id that nobody guesses and every file system takes: 20 characters of 0–9 and a–f. */
export function newJobId(): string {
  return randomBytes(10).toString('hex');
}
