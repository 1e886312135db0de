import type { EngineChoice } from '../engine/choose-engine.js';
import { UnknownLayerError } from '../engine/engine-error.js';
import { openEngine } from '../engine/open-engine.js';
import { encodePicture } from '../imaging/encode.js';
import {
  type LayerPicture,
  type LayerPicturesOptions,
  type LayerPicturesProgress,
  layerPictures,
  layerPicturesDefaults,
} from '../transfer/layer-pictures.js';
import { layerSheet, layerSheetFrames } from '../transfer/layer-sheet.js';
import { peakRssBytes } from './peak-memory.js';
import {
  checkOutputs,
  outputFormat,
  readPicture,
  requireGifName,
  writeAnimation,
  writeWhole,
} from './picture-files.js';
import { UsageError } from './usage-error.js';

/** A file that layers are to look at. */
export interface LayersRequest {
  readonly imagePath: string;
  /** Where the sheet goes; its extension decides the format. */
  readonly out: string;
  /** Where the animation goes, if one is wanted. */
  readonly gif?: string | undefined;
  readonly engine: EngineChoice;
  readonly options: LayerPicturesOptions;
  readonly onProgress?: ((progress: LayerPicturesProgress) => void) | undefined;
}

/** What was made, as `--json` prints it. */
export interface LayersReport {
  readonly network: string;
  readonly engine: string;
  /** Of each picture on the sheet. */
  readonly width: number;
  readonly height: number;
  readonly layers: readonly Pick<LayerPicture, 'layer' | 'loss' | 'startLoss' | 'epochs'>[];
  /** Of all layers together. */
  readonly epochs: number;
  readonly evaluations: number;
  /** Since the process began. */
  readonly seconds: number;
  /** The part of `seconds` that was spent in the engine. */
  readonly engineSeconds: number;
  readonly peakRssBytes: number;
  readonly out: string;
  readonly gif: string | null;
  /** Whether it was stopped early, with what there was by then. */
  readonly stopped: boolean;
}

/**
 * Shows what layers see in a file: writes the sheet and the animation.
 *
 * @throws UsageError, ImageError, WeightsError, EngineError, OutputError, each with a sentence that says what to do.
 */
export async function layersOfFile(request: LayersRequest): Promise<LayersReport> {
  const { imagePath, out, gif, options } = request;
  const format = outputFormat(out);
  requireGifName(gif);
  await checkOutputs([out, gif], [imagePath]);
  const image = await readPicture(imagePath, 2 * (options.size ?? layerPicturesDefaults.size));
  const engine = await openEngine(request.engine);
  try {
    const work = layerPictures(engine, image, options);
    let turn = await work.next();
    while (!turn.done) {
      request.onProgress?.(turn.value);
      turn = await work.next();
    }
    const { original, layers, ...result } = turn.value;
    await writeWhole(out, await encodePicture(layerSheet(turn.value), format));
    if (gif !== undefined) await writeAnimation(gif, layerSheetFrames(turn.value));
    return {
      network: engine.network.name,
      engine: engine.name,
      width: original.width,
      height: original.height,
      layers: layers.map(({ layer, loss, startLoss, epochs }) => ({ layer, loss, startLoss, epochs })),
      epochs: result.epochs,
      evaluations: result.evaluations,
      seconds: performance.now() / 1000,
      engineSeconds: result.engineSeconds,
      peakRssBytes: peakRssBytes(),
      out,
      gif: gif ?? null,
      stopped: result.stopped,
    };
  } catch (error) {
    // Layers of the network are known only once it is loaded.
    throw error instanceof UnknownLayerError ? new UsageError(error.message) : error;
  } finally {
    await engine.dispose();
  }
}
