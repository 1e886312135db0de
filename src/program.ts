import { Command, CommanderError } from 'commander';
import { CodedError, isCoded } from './coded-error.js';
import { allSaid, guardStandardStreams, note, say } from './command-line/standard-streams.js';
import { heedNohup } from './command-line/stop-signals.js';
import { readConfig } from './config.js';
import { loadEnvironmentFile } from './environment-file.js';
import { installationTrouble } from './installation-trouble.js';
import { packageVersion } from './package-root.js';

/** Functions that load and make commands, by the commands' names. */
type CommandMakers = Readonly<Record<string, () => Promise<Command>>>;

/** How long a process that has failed may take to end by itself. */
const patienceMs = 5000;

guardStandardStreams();
heedNohup();
const environmentFile = loadEnvironmentFile('.env', process.env);

/**
 * Exit codes: 0 done, 1 something failed, 2 the command line or the environment asks for what is impossible or not here, 128 and
 * the number of a signal where that has stopped the work.
 */
try {
  const config = readConfig(process.env);
  const program = new Command('whitewalker')
    .description("Turns a picture into another picture's style.")
    .version(packageVersion())
    .exitOverride()
    .showSuggestionAfterError()
    .showHelpAfterError('(whitewalker help tells what is possible)')
    .configureOutput({ writeOut: (text) => say(text.trimEnd()) });
  // Only the command that is asked for is loaded: all of them, which help and mistakes list, take a quarter of a second.
  const { trouble, warnings } = environmentFile;
  const ofBot: CommandMakers = {
    bot: async () => (await import('./command-line/bot-command.js')).botCommand(warnings),
    worker: async () => (await import('./command-line/worker-command.js')).workerCommand(warnings),
    commands: async () => (await import('./command-line/commands-command.js')).commandsCommand(),
    doctor: async () => (await import('./command-line/doctor-command.js')).doctorCommand(warnings),
    backup: async () => (await import('./command-line/backup-command.js')).backupCommand(),
    restore: async () => (await import('./command-line/backup-command.js')).restoreCommand(),
  };
  const ofPictures: CommandMakers = {
    stylize: async () => (await import('./command-line/stylize-command.js')).stylizeCommand(config),
    demo: async () => (await import('./command-line/demo-command.js')).demoCommand(config),
    presets: async () => (await import('./command-line/presets-command.js')).presetsCommand(),
    playground: async () => (await import('./command-line/playground-command.js')).playgroundCommand(),
    'spot-difference': async () => (await import('./command-line/spot-difference-command.js')).spotDifferenceCommand(),
    layers: async () => (await import('./command-line/layers-command.js')).layersCommand(config),
    texture: async () => (await import('./command-line/texture-command.js')).textureCommand(config),
    weights: async () => (await import('./command-line/weights-command.js')).weightsCommand(config),
  };
  const makers = { ...ofPictures, ...ofBot };
  const [asked = ''] = process.argv.slice(2);
  const maker = Object.hasOwn(makers, asked) ? makers[asked] : undefined;
  program.hook('preAction', (_program, command) => {
    if (trouble === undefined) return;
    // A picture is painted without the settings, but a bot is not run, nor its data touched.
    if ([command, command.parent].some((one) => one !== null && Object.hasOwn(ofBot, one.name()))) throw trouble;
    note(`whitewalker: ${trouble.message} Nothing in it counts.`);
  });
  for (const command of await Promise.all((maker ? [maker] : Object.values(makers)).map((make) => make()))) {
    program.addCommand(command);
    inheritSettings(command, program);
  }
  await program.parseAsync().catch(async (error: unknown) => {
    await hintAtOthers(error, makers);
    unlessHelp(error);
  });
  await allSaid();
} catch (cause) {
  const error = installationTrouble(cause) ?? cause;
  if (error instanceof CommanderError) {
    process.exitCode = 2;
  } else {
    note(error instanceof CodedError ? `whitewalker: ${error.message}` : String((error as Error)?.stack));
    // What isn't set may have been meant by something that is.
    if (isCoded(error, 'config', 'not-set')) for (const warning of environmentFile.warnings) note(warning);
    process.exitCode = isHopeless(error) ? 2 : 1;
  }
  // A service manager starts the bot again only once this process has ended, so it must not linger after a failure.
  setTimeout(() => {
    note('whitewalker: something was left open; ended all the same');
    process.exit();
  }, patienceMs).unref();
}

/**
 * Tells whether an error stays as long as the same is asked for. A GPU may only not be there yet, after the machine was started;
 * an engine or weights that nobody has fetched don't come by themselves.
 */
function isHopeless(error: unknown): boolean {
  const isMissing = isCoded(error, 'engine', 'not-installed') || isCoded(error, 'weights', 'not-fetched');
  return isMissing || isCoded(error, 'usage') || isCoded(error, 'config');
}

/** Passes on an error, but for what commander throws where it has printed the help that was asked for. */
function unlessHelp(error: unknown): void {
  if (!(error instanceof CommanderError) || error.exitCode !== 0) throw error;
}

/** Says of an option that a command doesn't know which other commands have it. */
async function hintAtOthers(error: unknown, makers: CommandMakers): Promise<void> {
  if (!(error instanceof CommanderError) || error.code !== 'commander.unknownOption') return;
  const [, flag] = /unknown option '(--[^'=]+)/.exec(error.message) ?? [];
  if (flag === undefined) return;
  const commands = await Promise.all(Object.values(makers).map((make) => make()));
  const others = commands
    .filter(({ options }) => options.some(({ long }) => long === flag))
    .map((command) => command.name());
  if (others.length > 0) note(`(${flag} is an option of ${others.join(', ')})`);
}

/** Copies settings to a command and to its subcommands, which were made before the command had any to hand down. */
function inheritSettings(command: Command, parent: Command, parentWords = parent.name()): void {
  const words = `${parentWords} ${command.name()}`;
  command.copyInheritedSettings(parent);
  command.showHelpAfterError(`(${words} --help tells what is possible)`);
  for (const nested of command.commands) inheritSettings(nested, command, words);
}
