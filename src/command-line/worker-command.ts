import { Command } from 'commander';
import { readWorkerConfig } from '../config.js';
import { createLog } from '../logging.js';
import { onStopSignal } from './stop-signals.js';

/**
 * `whitewalker worker` computes for a bot until it is told to stop.
 * @param warnings - sentences about settings that seem to be mistaken, for the log.
 */
export function workerCommand(warnings: readonly string[]): Command {
  return new Command('worker')
    .summary('compute for a bot on another machine')
    .description(
      'Takes jobs out of the Redis at REDIS_URL, computes and delivers them, until Ctrl-C, SIGTERM or SIGHUP.',
    )
    .action(async () => {
      const config = readWorkerConfig(process.env);
      const log = createLog(config.logLevel);
      for (const warning of warnings) log.warn(warning);
      process.on('uncaughtException', (error) => {
        log.fatal({ err: error }, 'the worker crashed; its jobs begin again elsewhere');
        process.exit(1);
      });
      const { startWorker } = await import('../worker.js');
      const worker = await startWorker(config, log);
      onStopSignal(() => {
        worker.stop().then(
          () => process.exit(0),
          (error: unknown) => {
            log.error({ err: error }, 'stopping failed');
            process.exit(1);
          },
        );
      });
      await worker.ended;
    });
}
