import { Argument, Command } from 'commander';
import type { Config } from '../config.js';
import type { Engine } from '../engine/engine.js';
import { isNetworkName } from '../engine/topology.js';
import type { Rgb } from '../imaging/opacity.js';
import type { LossTerms } from '../transfer/objective.js';
import { formatRecipe, type LabRecipe, mergeRecipes } from '../transfer/recipe/recipe.js';
import { transferDefaults } from '../transfer/transfer-options.js';
import type { StyleTransferTask } from '../works/style-transfer.js';
import type { InputName } from '../works/work.js';
import { addEngineOptions, type EngineFlags, engineOpener } from './engine-options.js';
import { interruptible } from './interruptible.js';
import { color } from './option-values.js';
import type { NetworkReport, PaintReport } from './paint.js';
import { addRecipeOptions, recipeOf } from './recipe-options.js';
import type { StyleFile } from './style-arguments.js';

/** `whitewalker stylize CONTENT STYLE[:WEIGHT]...` paints one picture in the style of others. */
export function stylizeCommand(config: Config): Command {
  const command = new Command('stylize')
    .summary('paint one picture in the style of others')
    .description('Paints a picture in the style of another one, or of several, on this machine.')
    .addArgument(new Argument('[content]', 'the picture to be painted: JPEG, PNG, WebP, GIF, AVIF or TIFF'))
    .addArgument(
      new Argument('[style...]', 'the picture whose style it takes; of several a blend, by weights: a.jpg:2 b.jpg:1'),
    )
    .option(
      '--preset <name>',
      'a style that comes with the program, instead of a picture: `whitewalker presets` lists them',
    )
    .option('--out <file>', 'where the result goes: .png, .jpg, .webp or .avif (default: <content>-<style>.png)')
    .option('--gif <file>', 'where an animation of the transformation goes (default: none)')
    .option(
      '--background <color>',
      "lay the content's transparency over a colour, such as white or #2b2d31 (default: the result is transparent, too)",
      color,
    )
    .option('--mask <file>', 'a picture that is white where the style goes, and black where nothing changes');
  addEngineOptions(command, config);
  addRecipeOptions(command);
  return command
    .option('--json', 'print one JSON object instead of a sentence', false)
    .action(async (content: string | undefined, styleTexts: readonly string[], flags: StylizeFlags) => {
      const { network, pooling, pictures, ...transfer } = recipeOf(command);
      const { transferFiles } = await import('./transfer-files.js');
      const { preset, mask } = flags;
      const { recipe, ...files } = await transferFiles({ content, styles: styleTexts, preset, mask }, pictures);
      await stylize({
        ...files,
        background: flags.background,
        weights: flags.weights,
        out: flags.out,
        gif: flags.gif,
        ...engineOpener(flags, config, { network, pooling }),
        recipe: { ...mergeRecipes(recipe, transfer), pooling: flags.pooling ?? pooling },
        json: flags.json,
      });
    });
}

/** Options of the command, as commander has parsed them, except those that make a recipe. */
interface StylizeFlags extends EngineFlags {
  readonly out?: string;
  readonly gif?: string;
  readonly mask?: string;
  readonly background?: Rgb;
  readonly preset?: string;
  readonly json: boolean;
}

/** A picture to be made from the file of a content and those of styles. */
export interface StylizeRequest {
  readonly contentPath: string;
  readonly styles: readonly StyleFile[];
  /** Path of a picture that is white where the style goes. */
  readonly maskPath?: string | undefined;
  /** The colour that the content's transparency is laid over. Default: the result is transparent, too. */
  readonly background?: Rgb | undefined;
  /** Path of a file of weights that `openEngine` reads. */
  readonly weights?: string | undefined;
  /** Path that the picture is written to. Default: named after content and styles, in the current folder. */
  readonly out?: string | undefined;
  readonly gif?: string | undefined;
  readonly openEngine: () => Promise<Engine>;
  /** The memory that painting may take, in bytes. Default: as much as it wants. */
  readonly memoryBytes?: number | undefined;
  /** Settings of the style transfer; those that are missing are taken from `transferDefaults`. */
  readonly recipe: Omit<LabRecipe, 'network' | 'pictures'>;
  /** Whether the report is printed as JSON. */
  readonly json: boolean;
}

/** The report about a picture, as `--json` prints it. */
export interface StylizeReport extends PaintReport, NetworkReport {
  readonly width: number;
  readonly height: number;
  readonly loss: Pick<LossTerms, 'total' | 'content' | 'style' | 'pixels' | 'tv'> | null;
  /** The recipe that makes the same picture again with `--recipe`. */
  readonly recipe: string;
}

/** Stylises a picture, shows progress on the terminal, and prints a report. */
export async function stylize(request: StylizeRequest): Promise<void> {
  // These modules are loaded only here, because `--help` needs none of them.
  const { networkReport, paint, printReport } = await import('./paint.js');
  const { nameAfter } = await import('./outputs.js');
  const { namedPictures, styleInput, styleTransferWork } = await import('../works/style-transfer.js');
  const { contentPath, styles, maskPath, background, weights, gif, openEngine, memoryBytes, json } = request;
  const { size, epochs } = transferDefaults;
  const { pooling, ...transfer } = request.recipe;
  const task: StyleTransferTask = {
    kind: 'style-transfer',
    transfer: { ...transfer, size: transfer.size ?? size, epochs: transfer.epochs ?? epochs },
    styleWeights: styles.map(({ weight }) => weight),
    hasMask: maskPath !== undefined,
    background,
  };
  const files = new Map<InputName, string>([
    ['content', contentPath],
    ...styles.map(({ path }, index) => [styleInput(index), path] as const),
  ]);
  const out = request.out ?? nameAfter([...files.values()]);
  if (maskPath !== undefined) files.set('mask', maskPath);
  const { painting, report: common } = await interruptible((terminal) =>
    paint(styleTransferWork, { task, files, weights, out, gif, openEngine, memoryBytes }, terminal),
  );
  const { picture, loss, scaleEpochs } = painting;
  const network = isNetworkName(painting.network) ? painting.network : undefined;
  // The recipe names network, size and epochs even if nobody set them, because their defaults differ between machines.
  const asked = mergeRecipes(
    { network, pooling, size, epochs },
    {
      ...transfer,
      ...(common.shrunk && { size: common.shrunk.made }),
      pictures: namedPictures(painting.findings, styles),
    },
  );
  // A picture that was finished early is made again by the epochs that it got, which are fewer than were asked for.
  const isEarly = (common.stopped || common.failure !== null) && common.epochs > 0;
  const recipe = isEarly ? mergeRecipes(asked, { scaleEpochs }) : asked;
  const report: StylizeReport = {
    ...networkReport(painting),
    ...common,
    width: picture.width,
    height: picture.height,
    loss: loss
      ? { total: loss.total, content: loss.content, style: loss.style, pixels: loss.pixels, tv: loss.tv }
      : null,
    recipe: formatRecipe(recipe),
  };
  printReport(report, json, sentencesFor(report));
}

function sentencesFor(report: StylizeReport): readonly string[] {
  const { out, gif, width, height, epochs, seconds, network, stopped, recipe } = report;
  return [
    `${stopped ? 'Stopped early. The' : 'The'} picture is ${out} (${width}×${height}).`,
    ...(gif === null ? [] : [`How it came about is ${gif}.`]),
    `${epochs} ${epochs === 1 ? 'epoch' : 'epochs'} with ${network} in ${seconds.toFixed(1)} s.`,
    `Recipe: ${recipe}`,
  ];
}
