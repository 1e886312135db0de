import { Command } from 'commander';
import { within } from './option-values.js';

interface PlaygroundFlags {
  readonly host: string;
  readonly port: number;
  readonly data?: string;
}

/** `whitewalker playground` shows the real bot in a page that works like Discord, without an account. */
export function playgroundCommand(): Command {
  return new Command('playground')
    .summary('try the bot in a browser, without an account')
    .description(
      'Runs the bot with a Discord of its own on this machine, and serves a page that looks and works like Discord, ' +
        'until Ctrl-C.',
    )
    .option(
      '--port <number>',
      'the port of the page; any that is free by default',
      within({ min: 0, max: 65_535, isWhole: true }),
      0,
    )
    .option('--data <folder>', 'where everything is kept; a temporary folder by default')
    .option('--host <address>', 'let other machines in, by a random key in the address that is printed', '127.0.0.1')
    .action(async ({ host, port, data }: PlaygroundFlags) => {
      const { runPlayground } = await import('../playground/run.js');
      await runPlayground({ host, port, data });
    });
}
