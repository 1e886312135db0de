import { z } from 'zod';
import type { Engine } from '../engine/engine.js';
import { movementOf } from '../imaging/animation/open-animation.js';
import { accentColor } from '../imaging/colors/accent-color.js';
import { resampleOpacity } from '../imaging/opacity.js';
import { pictureDigest } from '../imaging/picture-digest.js';
import { resample } from '../imaging/resample.js';
import type { RgbImage } from '../imaging/rgb-image.js';
import { largestFrameSide, TransformationRecorder } from '../imaging/transformation-recorder.js';
import { parseStyleColor, type StyleColor } from '../transfer/area/colored-mask.js';
import type { Region } from '../transfer/area/region.js';
import { boxOf } from '../transfer/area/window.js';
import type { TransferResult } from '../transfer/coarse-to-fine.js';
import { colorKeepings } from '../transfer/colors/content-colors.js';
import { decodedSide } from '../transfer/decoded-side.js';
import type { TransferPictures, WeightedStyle, Zone } from '../transfer/pictures.js';
import type { TransferRecipe } from '../transfer/recipe/recipe.js';
import type { RecipePictures } from '../transfer/recipe/recipe-pictures.js';
import { fitToLongerSide } from '../transfer/scales.js';
import { starts } from '../transfer/start.js';
import { styleStatistics } from '../transfer/style-statistics.js';
import { styleTransfer } from '../transfer/style-transfer.js';
import { lookedAt } from '../transfer/transfer-layers.js';
import { optimizers, transferSettings } from '../transfer/transfer-options.js';
import { nextFrameCost, transferCost, typicalNetwork } from './cost.js';
import {
  backOnPaper,
  type Content,
  decodeContent,
  decodeMask,
  decodeMasksByColor,
  decodeStyle,
  ownColors,
} from './decode-input.js';
import { openMovingContent } from './moving-content.js';
import { type MovingTransfer, paintMoving } from './moving-transfer.js';
import { progressAtScale } from './progress.js';
import { requireMemory } from './require-memory.js';
import { runToEnd } from './run-to-end.js';
import {
  engineNeeds,
  type InputName,
  type Inputs,
  type NetworkPainting,
  type PerformOptions,
  styleFindings,
  toldOfStyles,
  type Work,
} from './work.js';

export const styleColorSchema = z.string().transform((text, context): StyleColor => {
  const color = parseStyleColor(text);
  if (color !== undefined) return color;
  context.addIssue({ code: 'custom', message: 'Expected a colour such as #ff0000, or rest' });
  return z.NEVER;
});

const share = z.number().exactOptional();
const layerWeights = z.record(z.string(), z.number()).readonly();

/** Schema of a recipe's fields. The compiler checks that none is missing: a field without a schema would be dropped. */
const transfer = {
  size: z.number(),
  epochs: z.number(),
  scaleEpochs: z.array(z.number()).readonly().optional(),
  weights: z.object({ content: share, style: share, pixels: share, tv: share }).readonly().optional(),
  layers: z
    .object({ content: layerWeights.exactOptional(), style: layerWeights.exactOptional() })
    .readonly()
    .optional(),
  start: z.enum(starts).optional(),
  optimizer: z.enum(optimizers).optional(),
  learningRate: z.number().optional(),
  history: z.number().optional(),
  styleScale: z.number().optional(),
  keepColors: z.enum(colorKeepings).optional(),
  statistic: z.enum(styleStatistics).optional(),
  protect: z.number().optional(),
  regions: z
    .array(z.object({ left: z.number(), top: z.number(), width: z.number(), height: z.number() }).readonly())
    .readonly()
    .optional(),
  feather: z.number().optional(),
  seed: z.number().optional(),
} satisfies { readonly [Key in keyof Required<TransferRecipe>]: z.ZodType<TransferRecipe[Key]> };

const schema = z
  .object({
    kind: z.literal('style-transfer'),
    ...engineNeeds,
    transfer: z.object(transfer).readonly(),
    /** How much each style counts, in the order of the inputs `style`, `style-2`, …; undefined: there is one style. */
    styleWeights: z.array(z.number()).min(1).readonly().optional(),
    /** Whether there is an input `mask`: a picture that is white where the style goes. */
    hasMask: z.boolean().optional(),
    /** The colour that the mask has where each style goes, in the order of `styleWeights`; undefined: it is white. */
    styleColors: z.array(styleColorSchema).min(1).readonly().optional(),
    /** The colour, as red, green and blue in [0, 1], that the content's transparency is laid over; undefined: it is kept. */
    background: z.tuple([z.number(), z.number(), z.number()]).readonly().optional(),
    /** The most frames that are painted of a content that moves, evenly in time; undefined: its first one, as a still. */
    frames: z.int().min(2).optional(),
  })
  .readonly();

/** A task that paints a picture in the style of one or several others. */
export type StyleTransferTask = z.infer<typeof schema>;

export const styleTransferFindingsSchema = z
  .object({
    kind: z.literal('style-transfer'),
    ...styleFindings,
    /** Digests of the files of the task's pictures, by the pictures' names. A recipe names them so. */
    digests: z.record(z.string(), z.string()).readonly(),
    /** Whether the content moves and became a still, because styles have colours of a mask; its first frame counts. */
    isStillOfMoving: z.boolean().optional(),
    /** How many frames came whole of a content that was to move and is cut off or damaged behind them. */
    cameWhole: z.int().min(0).optional(),
    /** How many frames of a content that moves are damaged, and show what was before them. */
    damagedFrames: z.int().min(1).optional(),
  })
  .readonly();
export type StyleTransferFindings = z.infer<typeof styleTransferFindingsSchema>;

/**
 * Returns how a recipe names the pictures that a result was made from: presets by name, the others by their digests.
 * @param styles - the task's styles in order.
 * @param colors - the task's colours of styles, where it has some.
 */
export function namedPictures(
  { digests }: StyleTransferFindings,
  styles: readonly { readonly preset?: string | undefined; readonly weight: number }[],
  colors?: readonly StyleColor[] | undefined,
): RecipePictures {
  const digested = (input: InputName) => {
    const digest = digests[input];
    return digest === undefined ? undefined : { digest };
  };
  const named = styles.map(({ preset }, index) => (preset === undefined ? digested(styleInput(index)) : { preset }));
  return {
    content: digested('content'),
    styles: named.every((style) => style !== undefined) ? named : undefined,
    mix: styles.length > 1 ? styles.map(({ weight }) => weight) : undefined,
    mask: digested('mask'),
    colors,
  };
}

interface StyleTransferPainting
  extends NetworkPainting<StyleTransferFindings>,
    Pick<TransferResult, 'loss' | 'scaleEpochs'> {
  readonly findings: StyleTransferFindings;
}

/** Returns the input name of the style picture with an index that counts from 0: `style`, `style-2`, … */
export function styleInput(index: number): InputName {
  return index === 0 ? 'style' : `style-${index + 1}`;
}

export const styleTransferWork = {
  schema,
  inputsOf: ({ styleWeights = [1], hasMask = false }): readonly InputName[] => [
    'content',
    ...styleWeights.map((_, index) => styleInput(index)),
    ...(hasMask ? (['mask'] as const) : []),
  ],
  sizeOf: ({ transfer }) => transfer.size,
  withSize: (task, size) => {
    const { feather, size: before } = task.transfer;
    const edges = feather === undefined ? {} : { feather: (feather * size) / before };
    return { ...task, transfer: { ...task.transfer, ...edges, size } };
  },
  costOf: ({ network = typicalNetwork, transfer, frames = 1 }) => {
    const { labour, pixelEpochs } = transferCost(network, transfer);
    const others = (frames - 1) * nextFrameCost(network, transfer.size).pixelEpochs;
    return { labour, pixelEpochs: pixelEpochs + others };
  },
  frames: {
    of: ({ frames = 1 }) => frames,
    // Frames have one set of styles for all of the picture: with several, the first one is a still.
    with: ({ frames: _, ...still }, frames) => (frames > 1 && !still.styleColors ? { ...still, frames } : still),
    in: async ({ transfer, frames: most = 1 }, inputs) => {
      const moving = await openMovingContent(inputs, { most, maxSide: decodedSide(transfer.size) });
      return moving?.delaysMs.length ?? 1;
    },
  },
  perform,
} as const satisfies Work<StyleTransferTask, StyleTransferPainting>;

/** Returns the content as an animation begins with it: at the size that is painted, or as large as frames are. */
function firstFrame(content: RgbImage, size: number): RgbImage {
  const { width, height } = fitToLongerSide(content, Math.min(size, largestFrameSide));
  return resample(content, width, height);
}

/**
 * Paints the picture; its animation begins with the content. A content that moves is painted frame by frame, where the
 * task says so.
 * @throws `mask/…`, too, if the mask leaves nothing to style.
 */
async function perform(
  task: StyleTransferTask,
  inputs: Inputs,
  options: PerformOptions,
): Promise<StyleTransferPainting> {
  const { network, pooling, transfer, styleWeights = [1], hasMask = false, styleColors, background } = task;
  const most = styleColors ? 1 : (task.frames ?? 1);
  // More pixels than these would only be thrown away; a style may be wanted at a larger scale than the content.
  const maxSide = decodedSide(transfer.size);
  const styleMaxSide = maxSide * Math.max(1, transfer.styleScale ?? 1);
  const moving = await openMovingContent(inputs, { most, maxSide, background });
  const content = (await moving?.frame(0)) ?? (await decodeContent(inputs, maxSide, background));
  const styles = await Promise.all(
    styleWeights.map(async (weight, index) => {
      return { ...(await decodeStyle(inputs, styleInput(index), styleMaxSide)), weight };
    }),
  );
  const placed = styleColors
    ? { styles: [], zones: await decodeZones(inputs, maxSide, styles, styleColors) }
    : { styles, mask: hasMask ? await decodeMask(inputs, maxSide) : undefined };
  const engine = await options.engineFor({ network, pooling });
  const size = fitToLongerSide(content.image, transfer.size);
  const layers = lookedAt(transferSettings(transfer, engine.network, styles.length).layers);
  const what = { layers, ...(moving ? { moves: true } : { styled: styledBoxes(placed, transfer.regions) }) };
  requireMemory(engine, size, options.memoryBytes, what);
  const [first] = styles;
  const { moves, cameWhole } = movementOf((await inputs('content')).bytes);
  const findings = {
    kind: 'style-transfer',
    accent: first === undefined ? 0 : accentColor(first.picture),
    digests: await digestsOf(task, inputs),
    ...toldOfStyles(styles),
    ...(styleColors && moves && { isStillOfMoving: true }),
    ...(most > 1 && cameWhole !== undefined && { cameWhole }),
  } as const;
  const painted =
    moving === undefined
      ? await paintStill(engine, { content, transfer, ...placed }, options)
      : await paintMoving(engine, { content: moving, transfer, ...placed }, options);
  // Frames are decoded while they are painted.
  const { damagedFrames = 0 } = moving ?? {};
  return {
    ...painted,
    network: engine.network.name,
    engine: engine.name,
    findings: { ...findings, ...(damagedFrames > 0 && { damagedFrames }) },
  };
}

/** Returns the boxes that all that is styled lies in; undefined where it is everywhere. */
function styledBoxes(
  { mask, zones = [] }: Pick<TransferPictures, 'mask' | 'zones'>,
  regions: readonly Region[] = [],
): readonly Region[] | undefined {
  const boxes = [...(mask ? [boxOf(mask)] : []), ...zones.map((zone) => boxOf(zone.mask)), ...regions];
  return boxes.length > 0 ? boxes : undefined;
}

/** Paints a still, and records how it comes about. */
async function paintStill(
  engine: Engine,
  { content, transfer, ...pictures }: Omit<MovingTransfer, 'content'> & { readonly content: Content },
  { animated, signal, onProgress }: PerformOptions,
) {
  const { image, opacity } = content;
  const recorder = animated
    ? new TransformationRecorder({ content: firstFrame(image, transfer.size), opacity })
    : undefined;
  const seen = { content: ownColors(content, transfer.size), visible: opacity };
  const transferring = styleTransfer(engine, { ...seen, ...pictures }, { ...transfer, signal });
  const { picture: painted, ...account } = await runToEnd(transferring, (progress) => {
    const onPaper = { ...progress, picture: () => backOnPaper(progress.picture(), opacity) };
    recorder?.offer(progress.loss.total, onPaper.picture, progress.scale);
    return onProgress?.(progressAtScale(onPaper));
  });
  const picture = backOnPaper(painted, opacity);
  return {
    picture,
    opacity: opacity && resampleOpacity(opacity, picture.width, picture.height),
    frames: recorder?.frames(picture),
    ...account,
  };
}

/**
 * Decodes the mask of styles with colours, and puts those of one colour together, to be blended there. Where none of them
 * has weight, nothing is painted.
 */
async function decodeZones(
  inputs: Inputs,
  maxSide: number,
  styles: readonly WeightedStyle[],
  styleColors: readonly StyleColor[],
): Promise<readonly Zone[]> {
  const colors = [...new Set(styleColors)];
  const masks = await decodeMasksByColor(inputs, maxSide, colors);
  const zones = masks.map((mask, index) => {
    return { mask, styles: styles.filter((_, style) => styleColors[style] === colors[index]) };
  });
  return zones.filter((zone) => zone.styles.some(({ weight }) => weight > 0));
}

async function digestsOf(task: StyleTransferTask, inputs: Inputs): Promise<Readonly<Record<string, string>>> {
  const digests = styleTransferWork
    .inputsOf(task)
    .map(async (input) => [input, pictureDigest((await inputs(input)).bytes)] as const);
  return Object.fromEntries(await Promise.all(digests));
}
