import type { InputSource, Job, JobInputs, Order } from '../../jobs/job.js';
import type { PersonalDefaults } from '../../settings/personal-defaults.js';
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
 * What somebody asks for, whatever its kind: a function that returns the plan for it under a server's settings and the
 * person's own defaults.
 * @throws UserError where the settings don't allow it.
 */
export type Request = (
  settings: ServerSettings,
  bot: Pick<BotServices, 'config' | 'hasNetwork'>,
  personal?: PersonalDefaults,
) => Plan;

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
  if (source === undefined) return { kind: 'job', jobId: id };
  // A style that somebody keeps for themselves is theirs to choose: from a result, others take the job's copy.
  const isForEverybody = source.kind === 'preset' && source.preset.personId === undefined;
  return isForEverybody || outcome?.kind !== 'result' ? source : { kind: 'job', jobId: id };
}
