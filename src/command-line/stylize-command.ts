import { Argument, Command, Option } from 'commander';
import type { Config } from '../config.js';
import { type EngineName, engineNames } from '../engine/open-engine.js';
import { type NetworkName, networkNames, type Pooling, poolings } from '../engine/topology.js';
import type { LayerWeights } from '../transfer/layers.js';
import { type Start, starts } from '../transfer/start.js';
import { type OptimizerName, optimizers, transferDefaults } from '../transfer/transfer-options.js';
import { interruptible } from './interruptible.js';
import { layerWeights, weight, wholeNumber } from './option-values.js';
import { defaultOut, type StylizeReport, type StylizeRequest, stylize } from './stylize.js';

/** `whitewalker stylize CONTENT STYLE`: one picture in the style of another. */
export function stylizeCommand(config: Config): Command {
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
    .addOption(new Option('--engine <name>', 'what computes').choices(engineNames).default(config.engine))
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
      await runStylize(requestFrom(content, style, options, config), options.json);
    });
}

/** Options as commander has parsed them. */
interface StylizeFlags {
  readonly out?: string;
  readonly gif?: string;
  readonly network?: NetworkName;
  readonly weights?: string;
  readonly engine: EngineName;
  readonly pooling?: Pooling;
  readonly size: number;
  readonly epochs: number;
  readonly styleWeight: number;
  readonly contentWeight: number;
  readonly tvWeight: number;
  readonly init: Start;
  readonly optimizer: OptimizerName;
  readonly contentLayers?: LayerWeights;
  readonly styleLayers?: LayerWeights;
  readonly seed: number;
  readonly json: boolean;
}

function requestFrom(contentPath: string, stylePath: string, flags: StylizeFlags, config: Config): StylizeRequest {
  const { weights, pooling, engine, size, epochs, init, optimizer, seed, contentLayers, styleLayers } = flags;
  // The environment's network is only a default: a weights file says itself what it holds.
  const network = flags.network ?? (weights === undefined ? config.network : undefined);
  return {
    contentPath,
    stylePath,
    out: flags.out ?? defaultOut(contentPath, stylePath),
    gif: flags.gif,
    engine: { engine, network, weightsPath: weights, pooling, threads: config.threads },
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
  const { out, gif, width, height, epochs, seconds, network, stopped } = report;
  const lines = [
    `${stopped ? 'Stopped early. The' : 'The'} picture is ${out} (${width}×${height}).`,
    ...(gif === null ? [] : [`How it came about is ${gif}.`]),
    `${epochs} epochs with ${network} in ${seconds.toFixed(1)} s.`,
  ];
  return lines.join('\n');
}
