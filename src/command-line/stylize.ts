import { randomUUID } from 'node:crypto';
import { access, constants, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import type { Engine } from '../engine/engine.js';
import { UnknownLayerError } from '../engine/engine-error.js';
import { type EngineChoice, openEngine } from '../engine/open-engine.js';
import { decodePicture } from '../imaging/decode.js';
import { encodePicture, formatOfFileName, type OutputFormat } from '../imaging/encode.js';
import { encodeGif } from '../imaging/gif.js';
import { ImageError } from '../imaging/image-error.js';
import { resample } from '../imaging/resample.js';
import type { RgbImage } from '../imaging/rgb-image.js';
import { TransformationRecorder } from '../imaging/transformation-recorder.js';
import type { LossTerms } from '../transfer/objective.js';
import { fitToLongerSide } from '../transfer/scales.js';
import {
  styleTransfer,
  type TransferOptions,
  type TransferProgress,
  transferDefaults,
} from '../transfer/style-transfer.js';
import { OutputError } from './output-error.js';
import { peakRssBytes } from './peak-memory.js';
import { UsageError } from './usage-error.js';

/** One picture to be made from two files. */
export interface StylizeRequest {
  readonly contentPath: string;
  readonly stylePath: string;
  /** Where the picture goes; its extension decides the format. */
  readonly out: string;
  /** Where the animation of the transformation goes, if one is wanted. */
  readonly gif?: string | undefined;
  readonly engine: EngineChoice;
  readonly transfer: Omit<TransferOptions, 'signal'>;
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
  /** Whether it was stopped early, with the best picture so far. */
  readonly stopped: boolean;
}

/** Files from the command line may be larger than uploads, but not endless. */
const maxFileBytes = 200 * 1024 * 1024;

/** An animation that a chat or a mail takes. */
const maxGifBytes = 8 * 1024 * 1024;

/**
 * Makes one picture: reads both files, transfers the style, writes the picture and its animation. Whatever can be refused
 * is refused before the work begins; files appear whole or not at all.
 *
 * @throws UsageError, ImageError, WeightsError, EngineError, each with a sentence that says what to do.
 */
export async function stylize(request: StylizeRequest): Promise<StylizeReport> {
  const { contentPath, stylePath, out, gif, signal } = request;
  const format = outputFormat(out);
  if (gif !== undefined && extname(gif).toLowerCase() !== '.gif') {
    throw new UsageError(`The animation is a GIF: end "${gif}" with .gif.`);
  }
  for (const path of [out, gif]) {
    if (path === undefined) continue;
    if ([contentPath, stylePath].some((input) => resolve(input) === resolve(path))) {
      throw new UsageError(
        `"${path}" would be overwritten, and it is one of the pictures to read. Choose another name.`,
      );
    }
    await checkWritable(path);
  }
  // More pixels than the result has would only be thrown away; a style may be wanted at a larger scale than the content.
  const size = request.transfer.size ?? transferDefaults.size;
  const content = await readPicture(contentPath, 2 * size);
  const style = await readPicture(stylePath, 2 * size);
  const engine = await openEngine(request.engine);
  try {
    checkLayers(engine, request.transfer);
    const recorder = gif === undefined ? undefined : new TransformationRecorder({ content: sized(content, size) });
    const transfer = styleTransfer(engine, content, style, { ...request.transfer, signal });
    let turn = await transfer.next();
    while (!turn.done) {
      const { loss, picture, scale } = turn.value;
      recorder?.offer(loss.total, picture, scale);
      request.onProgress?.(turn.value);
      turn = await transfer.next();
    }
    const result = turn.value;
    await writeWhole(out, await encodePicture(result.picture, format));
    if (gif !== undefined && recorder) {
      const { bytes } = await encodeGif(recorder.frames(result.picture), { maxBytes: maxGifBytes });
      await writeWhole(gif, bytes);
    }
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
      stopped: result.stopped,
    };
  } finally {
    await engine.dispose();
  }
}

/** The name of a result that nobody named: `astronaut-ice-shards.png` in the current folder. */
export function defaultOut(contentPath: string, stylePath: string): string {
  const stem = (path: string) => basename(path, extname(path));
  return `${stem(contentPath)}-${stem(stylePath)}.png`;
}

/** A picture at the result's size. */
function sized(picture: RgbImage, size: number): RgbImage {
  const { width, height } = fitToLongerSide(picture, size);
  return resample(picture, width, height);
}

async function readPicture(path: string, maxSide: number) {
  let bytes: Uint8Array;
  try {
    const { size } = await stat(path);
    if (size > maxFileBytes) throw new UsageError(`"${path}" is larger than ${maxFileBytes / 1024 / 1024} MiB.`);
    bytes = await readFile(path);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`"${path}" can't be read (${reasonOf(error)}). Give the path of a picture.`);
  }
  try {
    return (await decodePicture(bytes, { maxBytes: maxFileBytes, maxSide })).image;
  } catch (error) {
    // Which of the two pictures it is, the decoder can't know.
    if (error instanceof ImageError) throw new ImageError(error.code, `${path}: ${error.message}`, error.context);
    throw error;
  }
}

function outputFormat(out: string): OutputFormat {
  try {
    return formatOfFileName(out);
  } catch (error) {
    if (error instanceof ImageError) throw new UsageError(error.message);
    throw error;
  }
}

async function checkWritable(path: string): Promise<void> {
  const reason = await whyNotWritable(path);
  if (reason !== undefined) {
    throw new UsageError(`"${path}" can't be written (${reason}). Give a file in an existing folder.`);
  }
}

async function whyNotWritable(path: string): Promise<string | undefined> {
  const folder = dirname(resolve(path));
  try {
    if (!(await stat(folder)).isDirectory()) return reasons.ENOTDIR;
    await access(folder, constants.W_OK);
  } catch (error) {
    return reasonOf(error);
  }
  const existing = await stat(path).catch(() => undefined);
  return existing?.isDirectory() ? reasons.EISDIR : undefined;
}

/** Layers of the network are known only once it is loaded. */
function checkLayers(engine: Engine, { layers }: StylizeRequest['transfer']): void {
  const { name, layers: available } = engine.network;
  for (const layer of [...Object.keys(layers?.content ?? {}), ...Object.keys(layers?.style ?? {})]) {
    if (!available.includes(layer)) throw new UsageError(new UnknownLayerError(layer, available, name).message);
  }
}

/** Through a file beside it: at no time is there half a result. */
async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}`);
  try {
    await writeFile(temporary, bytes);
    await rename(temporary, path);
  } catch (error) {
    // Where there was nothing to write to, there is nothing to remove.
    await rm(temporary, { force: true }).catch(() => {});
    throw new OutputError(`"${path}" can't be written (${reasonOf(error)}).`, { cause: error });
  }
}

const reasons = {
  ENOENT: 'there is nothing of that name',
  EACCES: 'permission denied',
  EISDIR: 'it is a folder',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a part of the path is not a folder',
} as const satisfies Readonly<Record<string, string>>;

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return Object.hasOwn(reasons, code) ? reasons[code as keyof typeof reasons] : code;
}
