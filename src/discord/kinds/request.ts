import type { InputSource, Job, JobInputs, Order } from '../../jobs/job.js';
import type { ServerSettings } from '../../settings/server-settings.js';
import type { InputName } from '../../works/work.js';
import type { Task } from '../../works/works.js';
import type { BotServices } from '../bot-services.js';

/** What a request comes to in a place. */
export interface Plan {
  readonly order: Order;
  readonly task: Task;
  readonly inputs: JobInputs;
  /** Whether only the person sees the result. */
  readonly private: boolean;
}

/**
 * Something that somebody asks for, whatever its kind: says what it comes to with a server's settings.
 * @throws UserError where they don't allow it.
 */
export type Request = (settings: ServerSettings, bot: Pick<BotServices, 'config' | 'hasNetwork'>) => Plan;

/** How a result is shown. By default everybody sees it, without a click. */
export interface Showing {
  readonly spoiler?: boolean | undefined;
  readonly private?: boolean | undefined;
}

/** How a job's result was to be shown. */
export function showingOf({ order: { spoiler }, reply: { ephemeral } }: Job): Showing {
  return { spoiler, private: ephemeral };
}

/** A picture of an earlier job again: a preset is read anew, and what a person sent is copied from the job that has it. */
export function inputAgain({ id, inputs }: Job, input: InputName): InputSource {
  const source = inputs[input];
  return source?.kind === 'preset' ? source : { kind: 'job', jobId: id };
}
