import { Argument, Command, Option } from 'commander';
import type { Config } from '../config.js';
import { type LayerPicturesProgress, layerPicturesDefaults } from '../transfer/layer-pictures.js';
import { transferBounds } from '../transfer/recipe/transfer-bounds.js';
import { addEngineOptions, type EngineFlags, engineChoice } from './engine-options.js';
import { interruptible } from './interruptible.js';
import { type LayersReport, layersOfFile } from './layers.js';
import { layerNames, within } from './option-values.js';
import { stemOf } from './picture-files.js';
import type { ShownProgress } from './progress-display.js';

/** `whitewalker layers IMAGE`: what the layers of a network see. */
export function layersCommand(config: Config): Command {
  const { size, epochs, seed } = layerPicturesDefaults;
  const command = new Command('layers')
    .summary('show what the layers of a network see in a picture')
    .description(
      'Shows what the layers of a network see in a picture: for each of them, noise is changed until it looks like the ' +
        'picture to that layer. The sheet has all of them side by side, with how much of the loss is left.',
    )
    .addArgument(new Argument('<image>', 'the picture: JPEG, PNG, WebP, GIF, AVIF or TIFF'))
    .option('--out <file>', 'where the sheet goes: .png, .jpg, .webp or .avif (default: <image>-layers.png)')
    .option('--gif <file>', 'where an animation of all growing side by side goes (default: none)')
    .addOption(
      new Option('--layers <names>', 'relu1_1,conv4_2 (default: the first of each block)').argParser(layerNames),
    );
  return addEngineOptions(command, config)
    .addOption(
      new Option('--size <pixels>', "each picture's longer side").argParser(within(transferBounds.size)).default(size),
    )
    .addOption(
      new Option('--epochs <n>', 'optimiser steps for each layer, at most')
        .argParser(within(transferBounds.epochs))
        .default(epochs),
    )
    .addOption(new Option('--seed <n>', 'of the noise').argParser(within(transferBounds.seed)).default(seed))
    .option('--json', 'print one JSON object instead of sentences', false)
    .action(async (imagePath: string, flags: LayersFlags) => {
      const { layers, gif } = flags;
      const report = await interruptible(({ signal, show }) =>
        layersOfFile({
          imagePath,
          out: flags.out ?? `${stemOf(imagePath)}-layers.png`,
          gif,
          engine: engineChoice(flags, config),
          options: { layers, size: flags.size, epochs: flags.epochs, seed: flags.seed, signal },
          onProgress: (progress) => show(shownProgress(progress)),
        }),
      );
      process.stdout.write(`${flags.json ? JSON.stringify(report) : sentencesFor(report)}\n`);
    });
}

/** Options as commander has parsed them. */
interface LayersFlags extends EngineFlags {
  readonly out?: string;
  readonly gif?: string;
  readonly layers?: readonly string[];
  readonly size: number;
  readonly epochs: number;
  readonly seed: number;
  readonly json: boolean;
}

function shownProgress(progress: LayerPicturesProgress): ShownProgress {
  const { layer, layerIndex, layers, epoch, epochs, loss, secondsLeft } = progress;
  const before = (layerIndex - 1) * epochs;
  return {
    epoch: before + epoch,
    epochs: layers * epochs,
    place: `${layer} (${layerIndex}/${layers})`,
    loss,
    secondsLeft,
  };
}

function sentencesFor({ out, gif, layers, network, seconds, stopped }: LayersReport): string {
  return [
    `${stopped ? 'Stopped early. What' : 'What'} the layers of ${network} see is ${out}.`,
    ...(gif === null ? [] : [`How it came about is ${gif}.`]),
    ...layers.map(({ layer, loss, startLoss, epochs }) => {
      return `${layer}: ${((100 * loss) / startLoss).toFixed(2)} % of the loss is left after ${epochs} epochs.`;
    }),
    `It took ${seconds.toFixed(1)} s.`,
  ].join('\n');
}
