import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { StyleKeeper } from '../settings/kept-styles.js';
import type { InputName } from '../works/work.js';
import type { Task } from '../works/works.js';

/**
 * Names a preset: with a `guildId` it is one of that server's own styles, with a `personId` one that this person keeps, and
 * without either it comes with whitewalker.
 */
export const presetReferenceSchema = z
  .object({ name: z.string(), guildId: z.string().optional(), personId: z.string().optional() })
  .readonly();
export type PresetReference = z.infer<typeof presetReferenceSchema>;

/** Returns who keeps a style; undefined where it comes with whitewalker. */
export function keeperOf({ guildId, personId }: PresetReference): StyleKeeper | undefined {
  if (personId !== undefined) return { personId };
  return guildId === undefined ? undefined : { guildId };
}

/** Where a picture comes from until it is stored with its job. */
export const inputSourceSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('url'), url: z.string() }).readonly(),
  z.object({ kind: z.literal('preset'), preset: presetReferenceSchema }).readonly(),
  /** The picture that an earlier job has as this input, by default as the same one: for "more epochs" and the like. */
  z.object({ kind: z.literal('job'), jobId: z.string(), input: z.string().optional() }).readonly(),
]);
export type InputSource = z.infer<typeof inputSourceSchema>;

/** Where all pictures of a job come from, by the names of its task's inputs. */
export const jobInputsSchema = z.record(z.string(), inputSourceSchema).readonly();
export type JobInputs = Readonly<Partial<Record<InputName, InputSource>>>;

/**
 * An order: what a person asked for. It is shown with the result, and the result's buttons begin from it. It is plain
 * data that only src/discord makes sense of, by its `kind`. All orders have these fields, and each kind has more.
 */
export const orderSchema = z
  .looseObject({
    kind: z.string(),
    /** The longer side of the picture that is worked at, in pixels. */
    size: z.number(),
    epochs: z.number(),
    /** Whether the result is hidden until it is clicked. */
    spoiler: z.boolean(),
    /** Colour of the messages about the order, as 0xRRGGBB; undefined where its style has none that is known. */
    accent: z.number().optional(),
  })
  .readonly();
export type Order = z.infer<typeof orderSchema>;

/** Where a job's messages go. It is plain data that only src/discord makes sense of. */
export const replyAddressSchema = z
  .object({
    applicationId: z.string(),
    /** The interaction's id; with it and `token`, the reply can be edited for 15 minutes. */
    interactionId: z.string(),
    /** The interaction's token, a secret: it is in the journal until the job is closed, and never gets into a log. */
    token: z.string(),
    channelId: z.string().optional(),
    /** Id of the message that shows progress and becomes the result; undefined until Discord has told it. */
    messageId: z.string().optional(),
    /** Whether only the person sees the message. */
    ephemeral: z.boolean(),
    /** Whether the bot may speak in the channel with its own token, once the interaction's has run out. */
    botMaySpeak: z.boolean(),
    /** Discord's locale of the person, such as `de` or `en-GB`. */
    locale: z.string(),
    /** The largest file that can be sent here, in bytes. */
    maxFileBytes: z.number(),
    /**
     * When the job has to be over, in milliseconds since 1970, because its person can't be reached any more; undefined
     * where the bot may speak for itself.
     */
    deadlineAt: z.number().optional(),
  })
  .readonly();
export type ReplyAddress = z.infer<typeof replyAddressSchema>;

/** States of a job, in order. `delivering`: the outcome is yet to be told. `closed`: nothing is left to do. */
export const jobStates = ['accepted', 'queued', 'running', 'delivering', 'closed'] as const;
export type JobState = (typeof jobStates)[number];

/** Why a job failed: a code by which texts are looked up, and what the texts mention; see `UserError`. */
export const failureSchema = z
  .object({ code: z.string(), context: z.record(z.string(), z.union([z.string(), z.number()])).readonly() })
  .readonly();
export type Failure = z.infer<typeof failureSchema>;

/** The facts of a result, which are told with it. */
export const resultFactsSchema = z
  .object({
    /** Width of the picture, in pixels. */
    width: z.number(),
    height: z.number(),
    /** Names of the result's files, such as `result.png`. The animation is missing where none fits. */
    picture: z.string(),
    animation: z.string().optional(),
    /** Whether the animation is missing because there was too little memory to write it. */
    animationLackedMemory: z.boolean().optional(),
    /** How many frames of a content that moves were painted, and how many it has; undefined for a still. */
    frames: z.object({ painted: z.number(), inContent: z.number() }).readonly().optional(),
    /** The longer side that was asked for and the one that was made, in pixels; undefined where they are the same. */
    shrunk: z.object({ asked: z.number(), made: z.number() }).readonly().optional(),
    /** Whether a failure ended computing early, so that the picture is the one that there was by then. */
    cutShort: z.boolean().optional(),
    /** The operator's limit for a job, in seconds, where it ended computing early; the picture is the one by then. */
    outOfTime: z.number().optional(),
    /** How many optimiser steps were made. */
    epochs: z.number(),
    /** How many seconds computing took, from the task's start to the encoded result. */
    seconds: z.number(),
    /** About how many it would have been, had no other job shared the machine; undefined: as many. */
    aloneSeconds: z.number().optional(),
    /** What was found besides pictures: plain data, which src/discord reads by the kind of order. */
    findings: z.record(z.string(), z.unknown()).readonly().optional(),
  })
  .readonly();
export type ResultFacts = z.infer<typeof resultFactsSchema>;

/** Who cancelled a job: its owner, a moderator, or whoever deleted its message. */
const cancellers = ['owner', 'moderator', 'deletion'] as const;
export type Canceller = (typeof cancellers)[number];

/** The outcome of a job. The files of a result are among the job's files. */
export const outcomeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('result'), result: resultFactsSchema }).readonly(),
  z.object({ kind: z.literal('failed'), failure: failureSchema }).readonly(),
  z.object({ kind: z.literal('cancelled'), by: z.enum(cancellers) }).readonly(),
]);
export type Outcome = z.infer<typeof outcomeSchema>;

/** A job from its acceptance on. It is in the journal before its person is told that it was accepted. */
export interface Job {
  readonly id: string;
  readonly task: Task;
  readonly order: Order;
  readonly inputs: JobInputs;
  /** Discord id of the person who asked for the job and may cancel it; the queue is fair between people. */
  readonly ownerId: string;
  /** Discord id of the server; undefined in direct messages and where only the person installed the bot. */
  readonly guildId: string | undefined;
  readonly reply: ReplyAddress;
  /** When the job was accepted, in milliseconds since 1970. */
  readonly acceptedAt: number;
  readonly state: JobState;
  /** How often computing has crashed. */
  readonly crashes: number;
  readonly outcome: Outcome | undefined;
}

/** Makes a job's id, which nobody guesses and every file system takes: 20 characters of 0–9 and a–f. */
export function newJobId(): string {
  return randomBytes(10).toString('hex');
}
