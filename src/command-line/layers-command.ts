import { Argument, Command, Option } from 'commander';
import type { Config } from '../config.js';
import { type LayerPicture, layerPicturesDefaults } from '../transfer/layer-pictures.js';
import { transferBounds } from '../transfer/recipe/transfer-bounds.js';
import { addEngineOptions, type EngineFlags, engineOpener } from './engine-options.js';
import { interruptible } from './interruptible.js';
import { layerNames, within } from './option-values.js';
import type { NetworkReport, PaintReport } from './paint.js';

/** `whitewalker layers IMAGE` shows what the layers of a network see in a picture. */
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
      const { firstFramesOf, networkReport, paint, printReport } = await import('./paint.js');
      const { nameAfter } = await import('./outputs.js');
      const { layersWork } = await import('../works/layers.js');
      const { layers, size, epochs, seed } = flags;
      const request = {
        task: { kind: 'layers', layers, size, epochs, seed } as const,
        files: new Map([['content', imagePath] as const]),
        weights: flags.weights,
        out: flags.out ?? nameAfter([imagePath], '-layers'),
        gif: flags.gif,
        ...engineOpener(flags, config),
      };
      const { painting, report: common } = await interruptible((terminal) => paint(layersWork, request, terminal));
      const { width, height } = painting;
      const report: LayersReport = { ...networkReport(painting), ...common, width, height, layers: painting.layers };
      printReport(report, flags.json, [...sentencesFor(report), ...firstFramesOf(report)]);
    });
}

/** The report about a sheet, as `--json` prints it. */
interface LayersReport extends PaintReport, NetworkReport {
  /** Width of each picture on the sheet, in pixels; `height` likewise. */
  readonly width: number;
  readonly height: number;
  readonly layers: readonly Pick<LayerPicture, 'layer' | 'loss' | 'startLoss' | 'epochs'>[];
}

/** Options of the command, as commander has parsed them. */
interface LayersFlags extends EngineFlags {
  readonly out?: string;
  readonly gif?: string;
  readonly layers?: readonly string[];
  readonly size: number;
  readonly epochs: number;
  readonly seed: number;
  readonly json: boolean;
}

function sentencesFor({ out, gif, layers, network, seconds, stopped }: LayersReport): readonly string[] {
  return [
    `${stopped ? 'Stopped early. What' : 'What'} the layers of ${network} see is ${out}.`,
    ...(gif === null ? [] : [`How it came about is ${gif}.`]),
    ...layers.map(({ layer, loss, startLoss, epochs }) => {
      return `${layer}: ${((100 * loss) / startLoss).toFixed(2)} % of the loss is left after ${epochs} ${epochs === 1 ? 'epoch' : 'epochs'}.`;
    }),
    `It took ${seconds.toFixed(1)} s.`,
  ];
}
