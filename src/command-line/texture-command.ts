import { Argument, Command, Option } from 'commander';
import type { Config } from '../config.js';
import type { LabRecipe } from '../transfer/recipe/recipe.js';
import { transferBounds } from '../transfer/recipe/transfer-bounds.js';
import { type StyleStatistic, styleStatistics } from '../transfer/style-statistics.js';
import { textureDefaults } from '../transfer/texture.js';
import type { TextureTask } from '../works/texture.js';
import { addEngineOptions, type EngineFlags, engineOpener } from './engine-options.js';
import { interruptible } from './interruptible.js';
import { recipeValue, within } from './option-values.js';
import type { NetworkReport, PaintReport } from './paint.js';

/** `whitewalker texture STYLE` makes a texture of a picture's style. */
export function textureCommand(config: Config): Command {
  const { size, epochs, styleScale, statistic, seed } = textureDefaults;
  const command = new Command('texture')
    .summary("make a texture of a picture's style")
    .description("Makes a square texture of a picture's style alone, out of noise; a seamless one with --tile.")
    .addArgument(new Argument('[style]', 'the picture: JPEG, PNG, WebP, GIF, AVIF or TIFF'))
    .option(
      '--preset <name>',
      'a style that comes with the program, instead of a picture: `whitewalker presets` lists them',
    )
    .option('--out <file>', 'where the texture goes: .png, .jpg, .webp or .avif (default: <style>-texture.png)')
    .option('--gif <file>', 'where an animation of how it comes about goes (default: none)')
    .option('--tile', 'make it seamless: laid side by side, it shows no border', false);
  return addEngineOptions(command, config)
    .addOption(new Option('--size <pixels>', 'both sides').argParser(within(transferBounds.size)).default(size))
    .addOption(new Option('--epochs <n>', 'optimiser steps').argParser(within(transferBounds.epochs)).default(epochs))
    .addOption(
      new Option('--style-scale <x>', 'the size of the strokes, 2 for twice as large')
        .argParser(within(transferBounds.styleScale))
        .default(styleScale),
    )
    .addOption(
      new Option('--style-layers <layers>', 'with weights: relu1_1:1,relu2_1:.8 (default: by network)').argParser(
        recipeValue('style-layers'),
      ),
    )
    .addOption(
      new Option('--statistic <kind>', 'what style is compared by').choices(styleStatistics).default(statistic),
    )
    .addOption(new Option('--seed <n>', 'of the noise').argParser(within(transferBounds.seed)).default(seed))
    .option('--json', 'print one JSON object instead of sentences', false)
    .action(async (given: string | undefined, flags: TextureFlags) => {
      const { firstFramesOf, networkReport, paint, printReport, transparentStyle } = await import('./paint.js');
      const { nameAfter } = await import('./outputs.js');
      const { textureWork } = await import('../works/texture.js');
      const { presetStyle, styleOrPreset } = await import('./preset-style.js');
      if ((given === undefined) === (flags.preset === undefined)) throw styleOrPreset();
      const stylePath = given ?? presetStyle(flags.preset ?? '').style.path;
      const request = {
        task: taskFrom(flags),
        files: new Map([['style', stylePath] as const]),
        weights: flags.weights,
        out: flags.out ?? nameAfter([stylePath], '-texture'),
        gif: flags.gif,
        ...engineOpener(flags, config),
      };
      const { painting, report: common } = await interruptible((terminal) => paint(textureWork, request, terminal));
      const { width, height } = painting.picture;
      const report: TextureReport = {
        ...networkReport(painting),
        ...common,
        width,
        height,
        tile: flags.tile,
        styleIsTransparent: painting.findings?.styleIsTransparent ?? false,
        loss: painting.loss ?? null,
      };
      printReport(report, flags.json, [
        ...sentencesFor(report),
        ...firstFramesOf(report),
        ...(report.styleIsTransparent ? [transparentStyle] : []),
      ]);
    });
}

/** The report about a texture, as `--json` prints it. */
interface TextureReport extends PaintReport, NetworkReport {
  readonly width: number;
  readonly height: number;
  readonly tile: boolean;
  /** Whether the style is transparent in places, which count as white. */
  readonly styleIsTransparent: boolean;
  /** The style's part of the loss, or null if the task was stopped before anything was evaluated. */
  readonly loss: number | null;
}

/** Options of the command, as commander has parsed them. */
interface TextureFlags extends EngineFlags {
  readonly preset?: string;
  readonly out?: string;
  readonly gif?: string;
  readonly tile: boolean;
  readonly size: number;
  readonly epochs: number;
  readonly styleScale: number;
  readonly styleLayers?: LabRecipe;
  readonly statistic: StyleStatistic;
  readonly seed: number;
  readonly json: boolean;
}

function taskFrom({ size, epochs, tile, styleScale, styleLayers, statistic, seed }: TextureFlags): TextureTask {
  return { kind: 'texture', size, epochs, tile, styleScale, layers: styleLayers?.layers?.style, statistic, seed };
}

function sentencesFor(report: TextureReport): readonly string[] {
  const { out, gif, width, height, tile, epochs, network, seconds, stopped } = report;
  return [
    `${stopped ? 'Stopped early. The' : 'The'} texture is ${out} (${width}×${height}${tile ? ', seamless' : ''}).`,
    ...(gif === null ? [] : [`How it came about is ${gif}.`]),
    `${epochs} ${epochs === 1 ? 'epoch' : 'epochs'} with ${network} in ${seconds.toFixed(1)} s.`,
  ];
}
