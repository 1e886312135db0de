import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { InputName } from '../works/work.js';
import type { Task } from '../works/works.js';

/** A preset, by where it is kept: a `guildId` makes it a server's own, none means that it comes with whitewalker. */
export const presetReferenceSchema = z.object({ name: z.string(), guildId: z.string().optional() }).readonly();
export type PresetReference = z.infer<typeof presetReferenceSchema>;

/** Where a picture comes from until it is stored with its job. */
export const inputSourceSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('url'), url: z.string() }).readonly(),
  z.object({ kind: z.literal('preset'), preset: presetReferenceSchema }).readonly(),
  /** The same input of an earlier job, for "more epochs" and the like. */
  z.object({ kind: z.literal('job'), jobId: z.string() }).readonly(),
]);
export type InputSource = z.infer<typeof inputSourceSchema>;

/** Where all pictures of a job come from, by the names of its task's inputs. */
export const jobInputsSchema = z.record(z.string(), inputSourceSchema).readonly();
export type JobInputs = Readonly<Partial<Record<InputName, InputSource>>>;

/**
 * What a person asked for: what is shown with the result, and what its buttons begin from. It is plain data that only
 * src/discord makes sense of, by its `kind`. All orders have the fields here, and each kind has more.
 */
export const orderSchema = z
  .looseObject({
    kind: z.string(),
    /** The longer side of what is worked at, in pixels. */
    size: z.number(),
    epochs: z.number(),
    /** Whether the result is hidden until it is clicked. */
    spoiler: z.boolean(),
  })
  .readonly();
export type Order = z.infer<typeof orderSchema>;

/** Where a job's messages go. Plain data; only src/discord makes sense of it. */
export const replyAddressSchema = z
  .object({
    applicationId: z.string(),
    /** The interaction's id; with `token` the reply can be edited for 15 minutes. */
    interactionId: z.string(),
    /** A secret: it stays in the journal until the job is closed, and never gets into a log. */
    token: z.string(),
    channelId: z.string().optional(),
    /** The message that shows progress and becomes the result; undefined until Discord has told it. */
    messageId: z.string().optional(),
    /** Whether only the person sees it. */
    ephemeral: z.boolean(),
    /** Whether the bot may speak in the channel with its own token, once the interaction's has run out. */
    botMaySpeak: z.boolean(),
    /** Discord's locale of the person, such as `de` or `en-GB`. */
    locale: z.string(),
    /** The largest file that can be sent here, in bytes. */
    maxFileBytes: z.number(),
    /**
     * When the job has to be over, in milliseconds since 1970, because its person can't be reached any more; undefined where
     * the bot may speak for itself.
     */
    deadlineAt: z.number().optional(),
  })
  .readonly();
export type ReplyAddress = z.infer<typeof replyAddressSchema>;

/** How far a job is. `delivering`: there is an outcome that its person has not been told yet. `closed`: nothing is left to do. */
export const jobStates = ['accepted', 'queued', 'running', 'delivering', 'closed'] as const;
export type JobState = (typeof jobStates)[number];

/** Why a job failed, by a code that texts are looked up by; see `UserError`. */
export const failureSchema = z
  .object({ code: z.string(), context: z.record(z.string(), z.union([z.string(), z.number()])).readonly() })
  .readonly();
export type Failure = z.infer<typeof failureSchema>;

/** What is told with a result. */
export const resultFactsSchema = z
  .object({
    /** Size of the picture, in pixels. */
    width: z.number(),
    height: z.number(),
    /** File names within the job's files, such as `result.png`; the animation is missing where none fits. */
    picture: z.string(),
    animation: z.string().optional(),
    /** Undefined where the picture has the size that was asked for. */
    shrunk: z.object({ asked: z.number(), made: z.number() }).readonly().optional(),
    /** Optimiser steps that were made. */
    epochs: z.number(),
    /** How long computing took, from the task's start to the encoded result. */
    seconds: z.number(),
    /** What came out besides pictures: plain data, which src/discord reads by the kind of order. */
    findings: z.record(z.string(), z.unknown()).readonly().optional(),
  })
  .readonly();
export type ResultFacts = z.infer<typeof resultFactsSchema>;

/** What became of a job. Result files lie with the job's files. */
export const outcomeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('result'), result: resultFactsSchema }).readonly(),
  z.object({ kind: z.literal('failed'), failure: failureSchema }).readonly(),
  z.object({ kind: z.literal('cancelled'), by: z.enum(['owner', 'moderator']) }).readonly(),
]);
export type Outcome = z.infer<typeof outcomeSchema>;

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
