import type { InputSource, Job, JobInputs, Order } from '../../jobs/job.js';
import type { ServerSettings } from '../../settings/server-settings.js';
import type { InputName } from '../../works/work.js';
import type { Task } from '../../works/works.js';
import type { BotServices } from '../bot-services.js';

/** The order and the task that a request leads to under a server's settings, and where their pictures come from. */
export interface Plan {
  readonly order: Order;
  readonly task: Task;
  readonly inputs: JobInputs;
  /** Whether only the person who asks sees the result. */
  readonly private: boolean;
}

/**
 * What somebody asks for, whatever its kind: a function that returns the plan for it under a server's settings.
 * @throws UserError where the settings don't allow it.
 */
export type Request = (settings: ServerSettings, bot: Pick<BotServices, 'config' | 'hasNetwork'>) => Plan;

/** How a result is shown. By default everybody sees it, without a click. */
export interface Showing {
  readonly spoiler?: boolean | undefined;
  readonly private?: boolean | undefined;
}

/** Returns how a job's result was to be shown. */
export function showingOf({ order: { spoiler }, reply: { ephemeral } }: Job): Showing {
  return { spoiler, private: ephemeral };
}

/**
 * Returns where a new job gets an earlier job's picture from: a preset is read anew, and what a person sent is copied
 * from the earlier job, which still has it. A job without a result may never have got it: it is fetched anew.
 */
export function inputAgain({ id, inputs, outcome }: Job, input: InputName): InputSource {
  const source = inputs[input];
  const isAsBefore = source?.kind === 'preset' || outcome?.kind !== 'result';
  return source !== undefined && isAsBefore ? source : { kind: 'job', jobId: id };
}
