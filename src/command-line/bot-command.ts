import { Command } from 'commander';
import { readBotConfig } from '../config.js';
import { createLog } from '../logging.js';
import { onStopSignal } from './stop-signals.js';

/**
 * `whitewalker bot` runs the Discord bot until it is told to stop.
 * @param warnings - sentences about settings that seem to be mistaken, for the log.
 */
export function botCommand(warnings: readonly string[]): Command {
  return new Command('bot')
    .summary('run the Discord bot')
    .description(
      'Runs the Discord bot that the environment and the file .env describe, until Ctrl-C, SIGTERM or SIGHUP.',
    )
    .action(async () => {
      const config = readBotConfig(process.env);
      const log = createLog(config.logLevel);
      for (const warning of warnings) log.warn(warning);
      // Node would print such an error with all its properties, tokens included. Jobs are safe in the journal.
      process.on('uncaughtException', (error) => {
        log.fatal({ err: error }, 'the bot crashed; start it again');
        process.exit(1);
      });
      const { startBot } = await import('../bot.js');
      const bot = await startBot(config, log);
      onStopSignal(() => {
        bot.stop().then(
          () => process.exit(0),
          (error: unknown) => {
            log.error({ err: error }, 'stopping failed');
            process.exit(1);
          },
        );
      });
      await bot.ended;
    });
}
