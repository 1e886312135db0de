import type { EngineChoice } from '../engine/choose-engine.js';
import type { Engine } from '../engine/engine.js';
import { UnknownLayerError } from '../engine/engine-error.js';
import { openEngine } from '../engine/open-engine.js';
import { isNetworkName } from '../engine/topology.js';
import { encodePicture } from '../imaging/encode.js';
import { resample } from '../imaging/resample.js';
import type { RgbImage } from '../imaging/rgb-image.js';
import { TransformationRecorder } from '../imaging/transformation-recorder.js';
import { type Mask, maskFromPicture } from '../transfer/area/mask.js';
import { MaskError } from '../transfer/area/mask-error.js';
import { styledArea } from '../transfer/area/styled-area.js';
import type { TransferProgress } from '../transfer/coarse-to-fine.js';
import type { LossTerms } from '../transfer/objective.js';
import type { WeightedStyle } from '../transfer/pictures.js';
import { formatRecipe, type LabRecipe, mergeRecipes, type TransferRecipe } from '../transfer/recipe/recipe.js';
import { fitToLongerSide } from '../transfer/scales.js';
import { styleTransfer } from '../transfer/style-transfer.js';
import { transferDefaults } from '../transfer/transfer-options.js';
import { peakRssBytes } from './peak-memory.js';
import {
  checkOutputs,
  outputFormat,
  readPicture,
  requireGifName,
  stemOf,
  writeAnimation,
  writeWhole,
} from './picture-files.js';
import type { StyleFile } from './style-arguments.js';
import { UsageError } from './usage-error.js';

/** One picture to be made from a content's file and those of styles. */
export interface StylizeRequest {
  readonly contentPath: string;
  readonly styles: readonly StyleFile[];
  /** A picture that is white where the style goes. */
  readonly maskPath?: string | undefined;
  /** Where the picture goes; its extension decides the format. */
  readonly out: string;
  /** Where the animation of the transformation goes, if one is wanted. */
  readonly gif?: string | undefined;
  readonly engine: EngineChoice;
  readonly transfer: TransferRecipe;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: TransferProgress) => void) | undefined;
}

/** What was made, as `--json` prints it. */
export interface StylizeReport {
  readonly network: string;
  readonly engine: string;
  readonly width: number;
  readonly height: number;
  /** Steps that the optimiser made. */
  readonly epochs: number;
  readonly evaluations: number;
  /** Since the process began: everything, from loading the program to the last byte written. */
  readonly seconds: number;
  /** The part of `seconds` that was spent in the engine. */
  readonly engineSeconds: number;
  readonly peakRssBytes: number;
  readonly loss: Pick<LossTerms, 'total' | 'content' | 'style' | 'tv'> | null;
  readonly out: string;
  readonly gif: string | null;
  /** What `--recipe` makes the same picture of. */
  readonly recipe: string;
  /** Whether it was stopped early, with the best picture so far. */
  readonly stopped: boolean;
}

/**
 * Makes one picture: reads all files, transfers the style, writes the picture and its animation. Whatever can be refused
 * is refused before the work begins; files appear whole or not at all.
 *
 * @throws UsageError, ImageError, MaskError, WeightsError, EngineError, each with a sentence that says what to do.
 */
export async function stylize(request: StylizeRequest): Promise<StylizeReport> {
  const { contentPath, maskPath, out, gif, signal, transfer } = request;
  const format = outputFormat(out);
  requireGifName(gif);
  const inputs = [
    contentPath,
    ...request.styles.map(({ path }) => path),
    ...(maskPath === undefined ? [] : [maskPath]),
  ];
  await checkOutputs([out, gif], inputs);
  // More pixels than the result has would only be thrown away; a style may be wanted at a larger scale than the content.
  const size = transfer.size ?? transferDefaults.size;
  const content = await readPicture(contentPath, 2 * size);
  const styles: WeightedStyle[] = [];
  for (const { path, weight } of request.styles) {
    styles.push({ picture: await readPicture(path, 2 * size * Math.max(1, transfer.styleScale ?? 1)), weight });
  }
  const mask = maskPath === undefined ? undefined : await readMask(maskPath, { content, size, transfer });
  const engine = await openEngine(request.engine);
  try {
    checkLayers(engine, transfer);
    const recorder = gif === undefined ? undefined : new TransformationRecorder({ content: sized(content, size) });
    const transferring = styleTransfer(engine, { content, styles, mask }, { ...transfer, signal });
    let turn = await transferring.next();
    while (!turn.done) {
      const { loss, picture, scale } = turn.value;
      recorder?.offer(loss.total, picture, scale);
      request.onProgress?.(turn.value);
      turn = await transferring.next();
    }
    const result = turn.value;
    await writeWhole(out, await encodePicture(result.picture, format));
    if (gif !== undefined && recorder) await writeAnimation(gif, recorder.frames(result.picture));
    const { total, content: contentLoss, style: styleLoss, tv } = result.loss ?? {};
    return {
      network: engine.network.name,
      engine: engine.name,
      width: result.picture.width,
      height: result.picture.height,
      epochs: result.epochs,
      evaluations: result.evaluations,
      seconds: performance.now() / 1000,
      engineSeconds: result.engineSeconds,
      peakRssBytes: peakRssBytes(),
      loss:
        total === undefined || contentLoss === undefined || styleLoss === undefined || tv === undefined
          ? null
          : { total, content: contentLoss, style: styleLoss, tv },
      out,
      gif: gif ?? null,
      recipe: formatRecipe(completed(request, engine)),
      stopped: result.stopped,
    };
  } finally {
    await engine.dispose();
  }
}

/** The name of a result that nobody named: `astronaut-ice-shards.png` in the current folder. */
export function defaultOut(contentPath: string, styles: readonly StyleFile[]): string {
  return `${[contentPath, ...styles.map(({ path }) => path)].map(stemOf).join('-')}.png`;
}

/** A request's recipe with what differs between machines: the network, how large, how long. */
function completed({ transfer, engine: { pooling } }: StylizeRequest, { network }: Engine): LabRecipe {
  const { size, epochs } = transferDefaults;
  const name = isNetworkName(network.name) ? network.name : undefined;
  return mergeRecipes({ network: name, pooling, size, epochs }, transfer);
}

/** Reads a mask. @throws UsageError, ImageError, MaskError where it leaves nothing to style, each naming the file. */
async function readMask(
  path: string,
  { content, size, transfer }: { content: RgbImage; size: number; transfer: TransferRecipe },
): Promise<Mask> {
  const mask = maskFromPicture(await readPicture(path, 2 * size));
  try {
    styledArea({ mask, regions: transfer.regions }, fitToLongerSide(content, size));
  } catch (error) {
    if (error instanceof MaskError) throw new MaskError(error.code, `${path}: ${error.message}`, error.context);
    throw error;
  }
  return mask;
}

/** A picture at the result's size. */
function sized(picture: RgbImage, size: number): RgbImage {
  const { width, height } = fitToLongerSide(picture, size);
  return resample(picture, width, height);
}

/** Layers of the network are known only once it is loaded. */
function checkLayers(engine: Engine, { layers }: StylizeRequest['transfer']): void {
  const { name, layers: available } = engine.network;
  for (const layer of [...Object.keys(layers?.content ?? {}), ...Object.keys(layers?.style ?? {})]) {
    if (!available.includes(layer)) throw new UsageError(new UnknownLayerError(layer, available, name).message);
  }
}
