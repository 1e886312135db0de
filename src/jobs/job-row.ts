import { z } from 'zod';
import { integer, optionalText, type Row, text, type Value } from '../database/row.js';
import { type Task, taskSchema } from '../works/works.js';
import {
  type Job,
  jobInputsSchema,
  jobStates,
  orderSchema,
  outcomeSchema,
  type ReplyAddress,
  replyAddressSchema,
} from './job.js';

/** The error of a job whose row in the database can't be understood. Other jobs are not affected. */
export class DamagedJobError extends Error {
  override readonly name = 'DamagedJobError';
  readonly jobId: string;

  constructor(jobId: string, reason: string, options?: ErrorOptions) {
    super(`Job ${jobId} is damaged in the database: ${reason}`, options);
    this.jobId = jobId;
  }
}

/** Returns the row of a job, by the names of the columns. */
export function rowOf(job: Job): Readonly<Record<string, Value>> {
  return {
    id: job.id,
    owner_id: job.ownerId,
    guild_id: job.guildId,
    state: job.state,
    accepted_at: job.acceptedAt,
    crashes: job.crashes,
    mentioned: 0,
    task_json: JSON.stringify(job.task),
    order_json: JSON.stringify(job.order),
    inputs_json: JSON.stringify(job.inputs),
    reply_json: JSON.stringify(job.reply),
    outcome_json: job.outcome && JSON.stringify(job.outcome),
  };
}

/** Reads a job from its row. @throws DamagedJobError where a column doesn't hold what it should. */
export function jobOf(row: Row): Job {
  return understood(row, () => {
    const state = text(row, 'state');
    return {
      id: text(row, 'id'),
      task: parsed(row, 'task_json', taskSchema),
      order: parsed(row, 'order_json', orderSchema),
      inputs: parsed(row, 'inputs_json', jobInputsSchema),
      ownerId: text(row, 'owner_id'),
      guildId: optionalText(row, 'guild_id'),
      reply: replyOf(row),
      acceptedAt: integer(row, 'accepted_at'),
      state: jobStates.find((known) => known === state) ?? unfit('state'),
      crashes: integer(row, 'crashes'),
      outcome: row.outcome_json === null ? undefined : parsed(row, 'outcome_json', outcomeSchema),
    };
  });
}

/** Reads only the task from a job's row. @throws DamagedJobError where it can't be understood. */
export function taskOf(row: Row): Task {
  return understood(row, () => parsed(row, 'task_json', taskSchema));
}

/** Reads only the reply address from a job's row. @throws DamagedJobError where it can't be understood. */
export function replyOf(row: Row): ReplyAddress {
  return understood(row, () => parsed(row, 'reply_json', replyAddressSchema));
}

function understood<R>(row: Row, read: () => R): R {
  try {
    return read();
  } catch (error) {
    if (error instanceof DamagedJobError) throw error;
    throw new DamagedJobError(String(row.id), error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/** Returns the JSON that a column holds, checked by a schema. */
function parsed<Schema extends z.ZodType>(row: Row, column: string, schema: Schema): z.infer<Schema> {
  const { data, error } = schema.safeParse(JSON.parse(text(row, column)));
  if (error !== undefined)
    throw new TypeError(`Column "${column}" holds something else than it should: ${z.prettifyError(error)}`);
  return data;
}

function unfit(column: string): never {
  throw new TypeError(`Column "${column}" holds something else than it should`);
}
