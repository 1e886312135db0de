import { Argument, Command } from 'commander';
import type { Config } from '../config.js';
import { addEngineOptions, type EngineFlags, engineChoice } from './engine-options.js';
import { interruptible } from './interruptible.js';
import { addRecipeOptions, recipeOf } from './recipe-options.js';
import { parseStyles } from './style-arguments.js';
import { defaultOut, type StylizeReport, type StylizeRequest, stylize } from './stylize.js';

/** `whitewalker stylize CONTENT STYLE[:WEIGHT]...`: one picture in the style of others. */
export function stylizeCommand(config: Config): Command {
  const command = new Command('stylize')
    .summary('paint one picture in the style of others')
    .description('Paints a picture in the style of another one, or of several, on this machine.')
    .addArgument(new Argument('<content>', 'the picture to be painted: JPEG, PNG, WebP, GIF, AVIF or TIFF'))
    .addArgument(
      new Argument('<style...>', 'the picture whose style it takes; of several a blend, by weights: a.jpg:2 b.jpg:1'),
    )
    .option('--out <file>', 'where the result goes: .png, .jpg, .webp or .avif (default: <content>-<style>.png)')
    .option('--gif <file>', 'where an animation of the transformation goes (default: none)')
    .option('--mask <file>', 'a picture that is white where the style goes, and black where nothing changes');
  addEngineOptions(command, config);
  addRecipeOptions(command);
  return command
    .option('--json', 'print one JSON object instead of a sentence', false)
    .action(async (content: string, styles: readonly string[], flags: StylizeFlags) => {
      await runStylize(requestFrom(content, styles, command, config), flags.json);
    });
}

/** Options as commander has parsed them, but for those that make a recipe. */
interface StylizeFlags extends EngineFlags {
  readonly out?: string;
  readonly gif?: string;
  readonly mask?: string;
  readonly json: boolean;
}

function requestFrom(
  contentPath: string,
  styleTexts: readonly string[],
  command: Command,
  config: Config,
): StylizeRequest {
  const flags = command.opts<StylizeFlags>();
  const styles = parseStyles(styleTexts);
  const { network, pooling, ...transfer } = recipeOf(command);
  return {
    contentPath,
    styles,
    maskPath: flags.mask,
    out: flags.out ?? defaultOut(contentPath, styles),
    gif: flags.gif,
    engine: engineChoice(flags, config, { network, pooling }),
    transfer,
  };
}

/** Runs a request with progress on the terminal; Ctrl-C ends it with the best picture so far, a second one at once. */
export async function runStylize(request: Omit<StylizeRequest, 'signal' | 'onProgress'>, json: boolean): Promise<void> {
  const report = await interruptible(({ signal, show }) =>
    stylize({
      ...request,
      signal,
      onProgress: ({ scale, scales, width, height, epoch, epochs, loss, secondsLeft }) => {
        const place = `scale ${scale}/${scales} (${width}×${height})`;
        show({ epoch, epochs, place, loss: loss.total, secondsLeft });
      },
    }),
  );
  process.stdout.write(`${json ? JSON.stringify(report) : sentenceFor(report)}\n`);
}

function sentenceFor(report: StylizeReport): string {
  const { out, gif, width, height, epochs, seconds, network, stopped, recipe } = report;
  const lines = [
    `${stopped ? 'Stopped early. The' : 'The'} picture is ${out} (${width}×${height}).`,
    ...(gif === null ? [] : [`How it came about is ${gif}.`]),
    `${epochs} epochs with ${network} in ${seconds.toFixed(1)} s.`,
    `Recipe: ${recipe}`,
  ];
  return lines.join('\n');
}
