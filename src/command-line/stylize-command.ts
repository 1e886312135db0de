import { Argument, Command, Option } from 'commander';
import { CodedError } from '../coded-error.js';
import type { Config } from '../config.js';
import type { Engine } from '../engine/engine.js';
import { isNetworkName } from '../engine/topology.js';
import { defaultAnimationLimits } from '../imaging/animation/animation-limits.js';
import type { Rgb } from '../imaging/opacity.js';
import type { StyleColor } from '../transfer/area/colored-mask.js';
import type { LossTerms } from '../transfer/objective.js';
import { formatRecipe, type LabRecipe, mergeRecipes } from '../transfer/recipe/recipe.js';
import { transferDefaults } from '../transfer/transfer-options.js';
import type { StyleTransferTask } from '../works/style-transfer.js';
import type { InputName } from '../works/work.js';
import { addEngineOptions, type EngineFlags, engineOpener } from './engine-options.js';
import { interruptible } from './interruptible.js';
import { anotherPlacedStyle, color, type PlacedStyle, within } from './option-values.js';
import type { NetworkReport, PaintReport } from './paint.js';
import { addRecipeOptions, recipeOf } from './recipe-options.js';
import type { StyleFile } from './style-arguments.js';

/** The most frames that are painted of a content that moves, where nobody says how many. */
const defaultFrames = 48;

const { maxFrames } = defaultAnimationLimits;

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
    .option(
      '--out <file>',
      'where the result goes: .png, .jpg, .webp or .avif; if the content moves, .webp, .gif or .png (default: <content>-<style>.png, or .webp)',
    )
    .option('--gif <file>', 'where an animation of the transformation goes (default: none)')
    .addOption(
      new Option(
        '--frames <n>',
        `paint at most so many frames of a content that moves, evenly in time (default: ${defaultFrames})`,
      ).argParser(within({ min: 2, max: maxFrames, isWhole: true }, 'One frame as a still is painted with --still 1.')),
    )
    .addOption(
      new Option(
        '--still <n>',
        'paint one frame of a content that moves, as a still: 1 is the first (default: all move)',
      )
        .argParser(within({ min: 1, max: maxFrames, isWhole: true }))
        .conflicts('frames'),
    )
    .option(
      '--background <color>',
      "lay the content's transparency over a colour, such as white or #2b2d31 (default: the result is transparent, too)",
      color,
    )
    .option('--mask <file>', 'a picture that is white where the style goes, and black where nothing changes')
    .option(
      '--style-for <color=style>',
      "the style of what has a colour in the mask: '#ff0000=ice.jpg' or '#ff0000=preset:wildfire'; rest=… is that of all else; may be given several times (default: none)",
      anotherPlacedStyle,
    );
  addEngineOptions(command, config);
  addRecipeOptions(command);
  return command
    .option('--json', 'print one JSON object instead of a sentence', false)
    .action(async (content: string | undefined, styleTexts: readonly string[], flags: StylizeFlags) => {
      const { network, pooling, pictures, ...transfer } = recipeOf(command);
      const { transferFiles } = await import('./transfer-files.js');
      const { preset, mask, styleFor: placed } = flags;
      const given = { content, styles: styleTexts, preset, mask, placed };
      const { recipe, ...files } = await transferFiles(given, pictures);
      await stylize({
        ...files,
        frames: flags.frames,
        still: flags.still,
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
  readonly frames?: number;
  readonly still?: number;
  readonly mask?: string;
  readonly styleFor?: readonly PlacedStyle[];
  readonly background?: Rgb;
  readonly preset?: string;
  readonly json: boolean;
}

/** A picture to be made from the file of a content and those of styles. */
export interface StylizeRequest {
  readonly contentPath: string;
  readonly styles: readonly StyleFile[];
  /** Path of a picture that is white where the style goes, or has colours where styles go. */
  readonly maskPath?: string | undefined;
  /** The colour of the mask that each style is for. Default: it has none. */
  readonly styleColors?: readonly StyleColor[] | undefined;
  /** The colour that the content's transparency is laid over. Default: the result is transparent, too. */
  readonly background?: Rgb | undefined;
  /** Path of a file of weights that `openEngine` reads. */
  readonly weights?: string | undefined;
  /** The most frames that are painted of a content that moves; a still is refused. Default: {@link defaultFrames}, of one that moves. */
  readonly frames?: number | undefined;
  /** The number of the frame, from 1, that is painted as a still of a content that moves. Default: it moves. */
  readonly still?: number | undefined;
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
  /** How many painted frames the file shows of a content that moves, and how many that has; null for a still. */
  readonly frames: { readonly painted: number; readonly inContent: number } | null;
  /** How many frames came whole of a content that is cut off or damaged behind them; null if none are lacking. */
  readonly cameWhole: number | null;
  /** How many frames of a content that moves are damaged, and show what was before them. */
  readonly damagedFrames: number;
  /** Whether a style moves; of one that does, the first frame counts. */
  readonly styleMoves: boolean;
  /** Whether a style is transparent in places, which count as white. */
  readonly styleIsTransparent: boolean;
  readonly loss: Pick<LossTerms, 'total' | 'content' | 'style' | 'pixels' | 'tv'> | null;
  /** The recipe that makes the same picture again with `--recipe`; null where it was stopped so early that none does. */
  readonly recipe: string | null;
}

/** Stylises a picture, shows progress on the terminal, and prints a report. */
export async function stylize(request: StylizeRequest): Promise<void> {
  // These modules are loaded only here, because `--help` needs none of them.
  const { firstFramesOf, networkReport, paint, printReport, transparentStyle } = await import('./paint.js');
  const { nameAfter } = await import('./outputs.js');
  const { namedPictures, styleInput, styleTransferWork } = await import('../works/style-transfer.js');
  const { readContent } = await import('./content-file.js');
  const { toldShortfall } = await import('../works/shortfall.js');
  const { contentPath, styles, maskPath, styleColors, background, weights, gif, openEngine, memoryBytes, json } =
    request;
  const { size, epochs } = transferDefaults;
  const { pooling, ...transfer } = request.recipe;
  if (transfer.feather !== undefined && maskPath === undefined && !transfer.regions?.length) throw nothingFades();
  if (styleColors && transfer.regions?.length) throw regionsWithoutStyle();
  const { bytes, digest, moves, cameWhole, damagedFrames } = await readContent(contentPath, request);
  if (moves && gif !== undefined) throw nothingComesAbout(contentPath);
  if (moves && styleColors) throw placedInStills(contentPath);
  const task: StyleTransferTask = {
    kind: 'style-transfer',
    transfer: { ...transfer, size: transfer.size ?? size, epochs: transfer.epochs ?? epochs },
    styleWeights: styles.map(({ weight }) => weight),
    hasMask: maskPath !== undefined,
    styleColors,
    background,
    frames: moves ? (request.frames ?? defaultFrames) : undefined,
  };
  const files = new Map<InputName, string>([
    ['content', contentPath],
    ...styles.map(({ path }, index) => [styleInput(index), path] as const),
  ]);
  const out = request.out ?? nameAfter([...files.values()], '', moves ? '.webp' : '.png');
  if (maskPath !== undefined) files.set('mask', maskPath);
  // Of a content, one frame may be chosen, and all of them count otherwise.
  const firstFrames = [...files.keys()].filter(
    (input) => input !== 'content' || (!moves && request.still === undefined),
  );
  const pictures = new Map<InputName, Uint8Array>([['content', bytes]]);
  const {
    painting,
    written,
    report: common,
  } = await interruptible(
    (terminal) =>
      paint(
        styleTransferWork,
        { task, files, pictures, moves, firstFrames, weights, out, gif, openEngine, memoryBytes },
        terminal,
      ),
    moves ? 'the frames that are painted' : undefined,
  );
  const { animation, findings, loss, scaleEpochs } = painting;
  const network = isNetworkName(painting.network) ? painting.network : undefined;
  const digests = { ...findings.digests, content: digest };
  const { shrunk } = toldShortfall(painting.shortfall);
  // The recipe names network, size and epochs even if nobody set them, because their defaults differ between machines.
  const asked = mergeRecipes(
    { network, pooling, size, epochs },
    {
      ...transfer,
      ...(shrunk && { size: shrunk.made }),
      pictures: namedPictures({ ...findings, digests }, styles, styleColors),
    },
  );
  // A picture that was finished early is made again by the epochs that it got, which are fewer than were asked for.
  const isEarly = common.stopped || common.failure !== null;
  const early = !moves && isEarly ? mergeRecipes(asked, { scaleEpochs }) : asked;
  // No recipe has a first frame that was stopped on its way, nor a picture without any epoch.
  const isUnrepeatable = isEarly && (moves ? animation === undefined : common.epochs === 0);
  const report: StylizeReport = {
    ...networkReport(painting),
    ...common,
    width: written.width,
    height: written.height,
    frames: animation ? { painted: written.frames, inContent: animation.framesInContent } : null,
    cameWhole: cameWhole ?? null,
    damagedFrames: damagedFrames ?? findings.damagedFrames ?? 0,
    styleMoves: findings.styleMoves ?? false,
    styleIsTransparent: findings.styleIsTransparent ?? false,
    loss: loss
      ? { total: loss.total, content: loss.content, style: loss.style, pixels: loss.pixels, tv: loss.tv }
      : null,
    recipe: isUnrepeatable ? null : formatRecipe(early),
  };
  printReport(
    report,
    json,
    sentencesFor(report, [...firstFramesOf(report), ...(report.styleIsTransparent ? [transparentStyle] : [])]),
  );
}

/** Returns the refusal of an animation of how a result came about that moves itself. */
function nothingComesAbout(content: string): CodedError {
  const sentence =
    `--gif shows how a still comes about, and "${content}" moves: leave --gif out, ` +
    'or have one frame painted with --still 1. The result goes where --out says, such as --out result.gif.';
  return new CodedError('usage', 'no-gif-of-frames', sentence);
}

function nothingFades(): CodedError {
  const sentence = 'Feather fades the edges of a mask or of regions: give --mask or --region, or leave it out.';
  return new CodedError('usage', 'no-edges', sentence);
}

function regionsWithoutStyle(): CodedError {
  const sentence =
    '--region goes without --style-for: a region has no style of its own. Paint it into the mask in a colour that has one.';
  return new CodedError('usage', 'regions-without-style', sentence);
}

function placedInStills(content: string): CodedError {
  const sentence = `--style-for goes with stills, and "${content}" moves: have one of its frames painted with --still 1.`;
  return new CodedError('usage', 'no-zones-of-frames', sentence);
}

function sentencesFor(report: StylizeReport, ofInputs: readonly string[]): readonly string[] {
  const { out, gif, width, height, frames, cameWhole, damagedFrames, epochs, seconds, network, stopped, recipe } =
    report;
  const size = `${width}×${height}`;
  const what = frames
    ? `animation is ${out} (${size}, ${frames.painted} frames of ${frames.inContent})`
    : `picture is ${out} (${size})`;
  return [
    `${stopped ? 'Stopped early. The' : 'The'} ${what}.`,
    ...(cameWhole === null ? [] : [`The content is cut off or damaged: of its frames, ${cameWhole} came whole.`]),
    ...(damagedFrames === 0 ? [] : [damagedSentence(damagedFrames)]),
    ...ofInputs,
    ...(gif === null ? [] : [`How it came about is ${gif}.`]),
    `${epochs} ${epochs === 1 ? 'epoch' : 'epochs'} with ${network} in ${seconds.toFixed(1)} s.`,
    recipe === null ? 'It was stopped so early that no recipe makes it again.' : `Recipe: ${recipe}`,
  ];
}

function damagedSentence(frames: number): string {
  return frames === 1
    ? 'One frame of the content is damaged, and shows what was before it.'
    : `${frames} frames of the content are damaged, and show what was before them.`;
}
