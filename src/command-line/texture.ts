import type { EngineChoice } from '../engine/choose-engine.js';
import { UnknownLayerError } from '../engine/engine-error.js';
import { openEngine } from '../engine/open-engine.js';
import { encodePicture } from '../imaging/encode.js';
import { resample } from '../imaging/resample.js';
import { TransformationRecorder } from '../imaging/transformation-recorder.js';
import type { TransferProgress } from '../transfer/coarse-to-fine.js';
import { type TextureOptions, texture, textureDefaults } from '../transfer/texture.js';
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

/** A file that a texture is to be made of. */
export interface TextureRequest {
  readonly stylePath: string;
  /** Where the texture goes; its extension decides the format. */
  readonly out: string;
  /** Where the animation goes, if one is wanted. */
  readonly gif?: string | undefined;
  readonly engine: EngineChoice;
  readonly options: TextureOptions & { readonly size: number; readonly styleScale: number };
  readonly onProgress?: ((progress: TransferProgress) => void) | undefined;
}

/** What was made, as `--json` prints it. */
export interface TextureReport {
  readonly network: string;
  readonly engine: string;
  readonly width: number;
  readonly height: number;
  readonly tile: boolean;
  readonly epochs: number;
  readonly evaluations: number;
  /** Since the process began. */
  readonly seconds: number;
  /** The part of `seconds` that was spent in the engine. */
  readonly engineSeconds: number;
  readonly peakRssBytes: number;
  /** Of the style, or null where it was stopped before anything was evaluated. */
  readonly loss: number | null;
  readonly out: string;
  readonly gif: string | null;
  /** Whether it was stopped early, with the best picture so far. */
  readonly stopped: boolean;
}

/**
 * Makes a texture of a file's style: writes it and its animation.
 *
 * @throws UsageError, ImageError, WeightsError, EngineError, OutputError, each with a sentence that says what to do.
 */
export async function textureOfFile(request: TextureRequest): Promise<TextureReport> {
  const { stylePath, out, gif, options } = request;
  const format = outputFormat(out);
  requireGifName(gif);
  await checkOutputs([out, gif], [stylePath]);
  const { size, styleScale } = options;
  const style = await readPicture(stylePath, 2 * size * Math.max(1, styleScale));
  const engine = await openEngine(request.engine);
  try {
    let recorder: TransformationRecorder | undefined;
    const work = texture(engine, style, options);
    let turn = await work.next();
    while (!turn.done) {
      const { loss, picture, scale } = turn.value;
      if (gif !== undefined) {
        recorder ??= new TransformationRecorder({ content: resample(picture(), size, size) });
        recorder.offer(loss.total, picture, scale);
      }
      request.onProgress?.(turn.value);
      turn = await work.next();
    }
    const { picture, loss, ...result } = turn.value;
    await writeWhole(out, await encodePicture(picture, format));
    if (gif !== undefined) {
      recorder ??= new TransformationRecorder({ content: picture });
      await writeAnimation(gif, recorder.frames(picture));
    }
    return {
      network: engine.network.name,
      engine: engine.name,
      width: picture.width,
      height: picture.height,
      tile: options.tile ?? textureDefaults.tile,
      epochs: result.epochs,
      evaluations: result.evaluations,
      seconds: performance.now() / 1000,
      engineSeconds: result.engineSeconds,
      peakRssBytes: peakRssBytes(),
      loss: loss?.style ?? null,
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
