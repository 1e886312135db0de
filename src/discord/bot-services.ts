import type { Logger } from 'pino';
import type { BotConfig } from '../config.js';
import type { Database } from '../database/database.js';
import type { NetworkName } from '../engine/topology.js';
import type { EarlierJobs } from '../jobs/earlier-jobs.js';
import type { JobFiles } from '../jobs/job-files.js';
import type { JobService } from '../jobs/job-service.js';
import type { Journal } from '../jobs/journal.js';
import type { WorkerSummary } from '../jobs/workshop.js';
import type { Erasure } from '../privacy/erasure.js';
import type { BlockedPeople } from '../settings/blocked-people.js';
import type { KeptStyles } from '../settings/kept-styles.js';
import type { PersonalDefaultsStore } from '../settings/personal-defaults.js';
import type { SettingsStore } from '../settings/server-settings.js';
import type { Messenger } from './delivery/messenger.js';
import type { ServerLog } from './server-log.js';
import type { StyleChoice } from './style-choice.js';

/** The parts of the bot that commands, buttons and menus work with. */
export interface BotServices {
  readonly config: Pick<
    BotConfig,
    'qualities' | 'keepInputsMs' | 'attachmentOrigins' | 'maxInputBytes' | 'computeSlots' | 'jobSeconds'
  >;
  /** The database: people are told of a change once `durable` has settled, when it can't be lost any more. */
  readonly database: Pick<Database, 'durable'>;
  readonly jobs: JobService;
  readonly journal: Journal;
  readonly earlierJobs: EarlierJobs;
  readonly files: JobFiles;
  readonly erasure: Erasure;
  readonly settings: SettingsStore;
  readonly blocked: BlockedPeople;
  readonly keptStyles: KeptStyles;
  readonly personalDefaults: PersonalDefaultsStore;
  readonly styles: StyleChoice;
  readonly messenger: Messenger;
  readonly serverLog: ServerLog;
  /** Returns the connected workers; undefined where the bot computes by itself. */
  readonly workers: () => readonly WorkerSummary[] | undefined;
  /** Returns whether something can be computed with a network, as far as is known now. */
  readonly hasNetwork: (network: NetworkName) => boolean;
  readonly log: Logger;
}
