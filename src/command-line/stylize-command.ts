import { Argument, Command } from 'commander';
import type { Config } from '../config.js';
import type { Engine } from '../engine/engine.js';
import { isNetworkName } from '../engine/topology.js';
import type { LossTerms } from '../transfer/objective.js';
import { formatRecipe, type LabRecipe, mergeRecipes } from '../transfer/recipe/recipe.js';
import { transferDefaults } from '../transfer/transfer-options.js';
import type { StyleTransferTask } from '../works/style-transfer.js';
import type { InputName } from '../works/work.js';
import { addEngineOptions, type EngineFlags, engineOpener } from './engine-options.js';
import { interruptible } from './interruptible.js';
import type { NetworkReport, PaintReport } from './paint.js';
import { addRecipeOptions, recipeOf } from './recipe-options.js';
import { parseStyles, type StyleFile } from './style-arguments.js';

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
    .action(async (contentPath: string, styleTexts: readonly string[], flags: StylizeFlags) => {
      const { network, pooling, ...transfer } = recipeOf(command);
      await stylize({
        contentPath,
        styles: parseStyles(styleTexts),
        maskPath: flags.mask,
        out: flags.out,
        gif: flags.gif,
        openEngine: engineOpener(flags, config, { network, pooling }),
        recipe: { ...transfer, pooling: flags.pooling ?? pooling },
        json: flags.json,
      });
    });
}

/** Options as commander has parsed them, but for those that make a recipe. */
interface StylizeFlags extends EngineFlags {
  readonly out?: string;
  readonly gif?: string;
  readonly mask?: string;
  readonly json: boolean;
}

/** One picture to be made from a content's file and those of styles. */
export interface StylizeRequest {
  readonly contentPath: string;
  readonly styles: readonly StyleFile[];
  /** A picture that is white where the style goes. */
  readonly maskPath?: string | undefined;
  /** Where the picture goes. Default: named after its pictures, in the current folder. */
  readonly out?: string | undefined;
  readonly gif?: string | undefined;
  readonly openEngine: () => Promise<Engine>;
  /** What is undefined is as `transferDefaults` has it. */
  readonly recipe: Omit<LabRecipe, 'network'>;
  /** Whether the report is printed as JSON. */
  readonly json: boolean;
}

/** What was made, as `--json` prints it. */
export interface StylizeReport extends PaintReport, NetworkReport {
  readonly width: number;
  readonly height: number;
  readonly loss: Pick<LossTerms, 'total' | 'content' | 'style' | 'tv'> | null;
  /** What `--recipe` makes the same picture of. */
  readonly recipe: string;
}

/** Stylises a picture with progress on the terminal, and prints what was made. */
export async function stylize(request: StylizeRequest): Promise<void> {
  // Loaded here, because `--help` needs none of it.
  const { networkReport, paint, printReport, stemOf } = await import('./paint.js');
  const { styleInput, styleTransferWork } = await import('../works/style-transfer.js');
  const { contentPath, styles, maskPath, gif, openEngine, json } = request;
  const { size, epochs } = transferDefaults;
  const { pooling, ...transfer } = request.recipe;
  const task: StyleTransferTask = {
    kind: 'style-transfer',
    transfer: { ...transfer, size: transfer.size ?? size, epochs: transfer.epochs ?? epochs },
    styleWeights: styles.map(({ weight }) => weight),
    hasMask: maskPath !== undefined,
  };
  const files = new Map<InputName, string>([
    ['content', contentPath],
    ...styles.map(({ path }, index) => [styleInput(index), path] as const),
  ]);
  const out = request.out ?? `${[...files.values()].map(stemOf).join('-')}.png`;
  if (maskPath !== undefined) files.set('mask', maskPath);
  const { painting, report: common } = await interruptible((terminal) =>
    paint(styleTransferWork, { task, files, out, gif, openEngine }, terminal),
  );
  const { picture, loss, shrunk } = painting;
  const network = isNetworkName(painting.network) ? painting.network : undefined;
  // With what differs between machines: the network, how large, how long.
  const recipe = mergeRecipes(
    { network, pooling, size, epochs },
    { ...transfer, ...(shrunk && { size: shrunk.made }) },
  );
  const report: StylizeReport = {
    ...networkReport(painting),
    ...common,
    width: picture.width,
    height: picture.height,
    loss: loss ? { total: loss.total, content: loss.content, style: loss.style, tv: loss.tv } : null,
    recipe: formatRecipe(recipe),
  };
  printReport(report, json, sentencesFor(report));
}

function sentencesFor(report: StylizeReport): readonly string[] {
  const { out, gif, width, height, epochs, seconds, network, stopped, recipe } = report;
  return [
    `${stopped ? 'Stopped early. The' : 'The'} picture is ${out} (${width}×${height}).`,
    ...(gif === null ? [] : [`How it came about is ${gif}.`]),
    `${epochs} epochs with ${network} in ${seconds.toFixed(1)} s.`,
    `Recipe: ${recipe}`,
  ];
}
