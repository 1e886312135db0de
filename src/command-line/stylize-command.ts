import { Argument, Command, Option } from 'commander';
import { engineNames } from '../engine/open-engine.js';
import { networkNames, poolings } from '../engine/topology.js';
import { starts } from '../transfer/start.js';
import { optimizers, transferDefaults } from '../transfer/style-transfer.js';
import { layerWeights, weight, wholeNumber } from './option-values.js';
import { progressDisplay } from './progress-display.js';
import { defaultOut, type StylizeReport, type StylizeRequest, stylize } from './stylize.js';

/** `whitewalker stylize CONTENT STYLE`: one picture in the style of another. */
export function stylizeCommand(): Command {
  const { size, epochs, weights, start, optimizer, seed } = transferDefaults;
  return new Command('stylize')
    .summary('paint one picture in the style of another')
    .description('Paints a picture in the style of another one, on this machine.')
    .addArgument(new Argument('<content>', 'the picture to be painted: JPEG, PNG, WebP, GIF, AVIF or TIFF'))
    .addArgument(new Argument('<style>', 'the picture whose style it takes'))
    .option('--out <file>', 'where the result goes: .png, .jpg, .webp or .avif (default: <content>-<style>.png)')
    .option('--gif <file>', 'where an animation of the transformation goes (default: none)')
    .addOption(
      new Option('--network <name>', 'the network that looks (default: vgg19-lite, or what --weights holds)').choices(
        networkNames,
      ),
    )
    .option('--weights <file>', "a safetensors file instead of the network's own weights")
    .addOption(new Option('--engine <name>', 'what computes').choices(engineNames).default('auto'))
    .addOption(new Option('--pooling <kind>', 'how the network is pooled (default: as trained)').choices(poolings))
    .addOption(new Option('--size <pixels>', "the result's longer side").argParser(wholeNumber(32, 4096)).default(size))
    .addOption(new Option('--epochs <n>', 'optimiser steps').argParser(wholeNumber(1, 10_000)).default(epochs))
    .addOption(new Option('--style-weight <x>', 'how much the style counts').argParser(weight).default(weights.style))
    .addOption(
      new Option('--content-weight <x>', 'how much the content counts').argParser(weight).default(weights.content),
    )
    .addOption(new Option('--tv-weight <x>', 'how much smoothness counts').argParser(weight).default(weights.tv))
    .addOption(new Option('--init <start>', 'what to begin with').choices(starts).default(start))
    .addOption(new Option('--optimizer <name>', 'how to descend').choices(optimizers).default(optimizer))
    .addOption(
      new Option('--content-layers <layers>', 'with weights: relu3_2:.5,relu4_1:1 (default: by network)').argParser(
        layerWeights,
      ),
    )
    .addOption(
      new Option('--style-layers <layers>', 'with weights: relu1_1:1,relu2_1:.8 (default: by network)').argParser(
        layerWeights,
      ),
    )
    .addOption(
      new Option('--seed <n>', 'of the noise of --init noise').argParser(wholeNumber(0, 2 ** 31 - 1)).default(seed),
    )
    .option('--json', 'print one JSON object instead of a sentence', false)
    .action(async (content: string, style: string, options: StylizeFlags) => {
      await runStylize(requestFrom(content, style, options), options.json);
    });
}

type StylizeFlags = {
  readonly out?: string;
  readonly gif?: string;
  readonly network?: string;
  readonly weights?: string;
  readonly json: boolean;
  readonly size: number;
  readonly epochs: number;
  readonly styleWeight: number;
  readonly contentWeight: number;
  readonly tvWeight: number;
  readonly seed: number;
} & {
  readonly engine: (typeof engineNames)[number];
  readonly pooling?: (typeof poolings)[number];
  readonly init: (typeof starts)[number];
  readonly optimizer: (typeof optimizers)[number];
  readonly contentLayers?: Readonly<Record<string, number>>;
  readonly styleLayers?: Readonly<Record<string, number>>;
};

function requestFrom(contentPath: string, stylePath: string, flags: StylizeFlags): StylizeRequest {
  const { network, pooling, engine, size, epochs, init, optimizer, seed } = flags;
  const { contentLayers, styleLayers } = flags;
  return {
    contentPath,
    stylePath,
    out: flags.out ?? defaultOut(contentPath, stylePath),
    gif: flags.gif,
    engine: { engine, network, weightsPath: flags.weights, pooling },
    transfer: {
      size,
      epochs,
      start: init,
      optimizer,
      seed,
      weights: { style: flags.styleWeight, content: flags.contentWeight, tv: flags.tvWeight },
      layers: {
        ...(contentLayers && { content: contentLayers }),
        ...(styleLayers && { style: styleLayers }),
      },
    },
  };
}

/** Runs a request with progress on the terminal; Ctrl-C ends it with the best picture so far, a second one at once. */
export async function runStylize(request: Omit<StylizeRequest, 'signal' | 'onProgress'>, json: boolean): Promise<void> {
  const controller = new AbortController();
  const interrupt = () => {
    if (controller.signal.aborted) process.exit(130);
    process.stderr.write('\nStopping with the best picture so far; press Ctrl-C again to give up.\n');
    controller.abort();
  };
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  const display = progressDisplay(process.stderr);
  try {
    const report = await stylize({
      ...request,
      signal: controller.signal,
      onProgress: (progress) => display.show(progress),
    });
    display.stop();
    process.stdout.write(`${json ? JSON.stringify(report) : sentenceFor(report)}\n`);
  } finally {
    display.stop();
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}

function sentenceFor(report: StylizeReport): string {
  const { out, gif, width, height, epochs, seconds, network, stopped } = report;
  const lines = [
    `${stopped ? 'Stopped early. The' : 'The'} picture is ${out} (${width}×${height}).`,
    ...(gif === null ? [] : [`How it came about is ${gif}.`]),
    `${epochs} epochs with ${network} in ${seconds.toFixed(1)} s.`,
  ];
  return lines.join('\n');
}
