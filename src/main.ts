#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { demoCommand } from './command-line/demo-command.js';
import { isExpected } from './command-line/expected-error.js';
import { stylizeCommand } from './command-line/stylize-command.js';
import { UsageError } from './command-line/usage-error.js';

/** Exit codes: 0 done, 1 something failed, 2 the command line asks for something impossible. */
const program = new Command('whitewalker')
  .description("Turns a picture into another picture's style.")
  .exitOverride()
  .configureHelp({ showGlobalOptions: true })
  .showSuggestionAfterError()
  .showHelpAfterError('(whitewalker help <command> tells what is possible)');
for (const command of [stylizeCommand(), demoCommand()]) program.addCommand(command.copyInheritedSettings(program));

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  } else {
    const expected = isExpected(error);
    process.stderr.write(`${expected ? `whitewalker: ${error.message}` : (error as Error)?.stack}\n`);
    process.exitCode = error instanceof UsageError ? 2 : 1;
  }
}
