import { about, CodedError, isCoded } from '../coded-error.js';
import type { Engine } from '../engine/engine.js';
import { movementOf } from '../imaging/animation/open-animation.js';
import type { Frames } from '../imaging/gif/writer.js';
import type { PaintingProgress, Workpiece } from '../works/progress.js';
import { type Shrinkage, toldShortfall } from '../works/shortfall.js';
import { performWithinMemory } from '../works/within-memory.js';
import type { InputName, NetworkPainting, Painting, Work } from '../works/work.js';
import { FramesFile } from './frames-file.js';
import type { TerminalWork } from './interruptible.js';
import { checkOutputs, requireGifName, writeAnimation, writeOutput } from './outputs.js';
import { peakRssBytes } from './peak-memory.js';
import { readPictureFile } from './picture-files.js';
import { type EncodedResult, resultEncoding } from './result-encoding.js';
import { say } from './standard-streams.js';

/** A task to be painted, the files of its pictures, and the files of its result. */
export interface PaintRequest<Task> {
  readonly task: Task;
  /** Paths of the task's pictures, by the names of its inputs. */
  readonly files: ReadonlyMap<InputName, string>;
  /** What was read already of those files, by the names of its inputs. Default: nothing. */
  readonly pictures?: ReadonlyMap<InputName, Uint8Array> | undefined;
  /** Whether the content moves, so that the result does. Default: no. */
  readonly moves?: boolean | undefined;
  /** The pictures of which the first frame counts if they move, which is then told. Default: all. */
  readonly firstFrames?: readonly InputName[] | undefined;
  /** Path of a file of weights that is read as well; undefined if none is. */
  readonly weights?: string | undefined;
  /** Path that the picture is written to; its extension decides the format. */
  readonly out: string;
  /** Path that the animation is written to; undefined if none is wanted. */
  readonly gif: string | undefined;
  /** Opens the engine, for kinds of task that need one. {@link paint} closes it again. */
  readonly openEngine?: () => Promise<Engine>;
  /** The memory that painting may take, in bytes. Default: as much as it wants. */
  readonly memoryBytes?: number | undefined;
}

/** The part of a `--json` report that is common to all kinds of task. */
export interface PaintReport {
  /** Number of steps that the optimiser made. */
  readonly epochs: number;
  /** Time since the process began, in seconds: from loading the program to the last byte written. */
  readonly seconds: number;
  readonly out: string;
  /** Path of the animation; null if none was wanted, or if it could not be written. */
  readonly gif: string | null;
  /** Why there is no animation although one was wanted, in a sentence; null otherwise. */
  readonly gifTrouble: string | null;
  /** Whether the task was stopped early; its picture is then the best one by that time. */
  readonly stopped: boolean;
  /** How much smaller the picture is, because there was not enough memory or something failed; null if it isn't. */
  readonly shrunk: Shrinkage | null;
  /** Files that move, of which the first frame counts. */
  readonly movingInputs: readonly string[];
  /** What failed before the last epoch, so that the picture is the one by then; null if nothing but memory lacked. */
  readonly failure: string | null;
}

/** The result of a task that was painted, and the report about it. */
export interface Painted<Result> {
  readonly painting: Result;
  /** Size of what was written, in pixels, and its number of frames. */
  readonly written: Pick<EncodedResult, 'width' | 'height' | 'frames'>;
  readonly report: PaintReport;
}

/**
 * Reads the files of a task, performs it, writes the picture and its animation, and returns the result with a report.
 * Whatever can be refused is refused before the work begins. Files appear whole or not at all. Where only the animation
 * can't be written, the report says why.
 *
 * @throws CodedError `usage/…` or `output/…`; `image/…` that names the file; what the work and opening the engine
 *   throw. The message of each says what to do.
 */
export async function paint<Task, Result extends Painting<unknown>>(
  work: Pick<Work<Task, Result>, 'sizeOf' | 'withSize' | 'perform'>,
  {
    task,
    files,
    pictures,
    moves = false,
    firstFrames = [...files.keys()],
    weights,
    out,
    gif,
    openEngine,
    memoryBytes,
  }: PaintRequest<Task>,
  { signal, show }: TerminalWork,
): Promise<Painted<Result>> {
  const { encode, requireWritable } = resultEncoding(out, moves);
  requireGifName(gif);
  await checkOutputs([out, gif], [...files.values(), weights]);
  const movingInputs = new Set<string>();
  const keptFrames = moves ? await FramesFile.make() : undefined;
  let engine: Promise<Engine> | undefined;
  const options = {
    engineFor: () => {
      if (!openEngine) throw new Error('Expected a kind that needs no engine, got one that asks for it');
      engine ??= openEngine();
      return engine;
    },
    animated: gif !== undefined,
    keptFrames,
    memoryBytes,
    requireWritable,
    signal,
    onProgress: (progress: PaintingProgress) =>
      show({ ...progress, part: partOf(progress.at), share: shareOf(progress) }),
  };
  const readAndLook = async (input: InputName) => {
    const picture = await readInput(files, pictures, input);
    if (firstFrames.includes(input) && movementOf(picture.bytes).moves) movingInputs.add(picture.file);
    return picture;
  };
  try {
    const painting = await performWithinMemory(work, task, readAndLook, options);
    const { frames, epochs, stopped, shortfall } = painting;
    const { bytes, shrunk: writtenSmaller, ...written } = await encode(painting);
    await writeOutput(out, bytes);
    const animation = await writeGif(gif, frames);
    const seconds = performance.now() / 1000;
    const { shrunk: paintedSmaller, failure } = toldShortfall(shortfall);
    const shrunk = shrinkageOf(paintedSmaller, writtenSmaller);
    const told = { shrunk, failure: failure?.message ?? null, movingInputs: [...movingInputs] };
    const report = { epochs, seconds, out, ...animation, stopped, ...told };
    return { painting, written, report };
  } catch (error) {
    throw told(error, files);
  } finally {
    await (await engine?.catch(() => undefined))?.dispose();
    await keptFrames?.remove();
  }
}

/** The part of a `--json` report that is common to all kinds of task that need a network. */
export interface NetworkReport {
  readonly network: string;
  readonly engine: string;
  readonly evaluations: number;
  /** Time that was spent in the engine, in seconds. */
  readonly engineSeconds: number;
  readonly peakRssBytes: number;
}

export function networkReport({
  network,
  engine,
  evaluations,
  engineSeconds,
}: NetworkPainting<unknown>): NetworkReport {
  return { network, engine, evaluations, engineSeconds, peakRssBytes: peakRssBytes() };
}

/**
 * Prints a report as JSON, or in sentences for a person.
 * @throws CodedError `output/no-animation` where the animation could not be written; the report is printed all the same.
 */
export function printReport(report: PaintReport, json: boolean, sentences: readonly string[]): void {
  const lines = json ? [JSON.stringify(report)] : [...sentences, ...lackOf(report)];
  say(lines.join('\n'));
  const { out, gifTrouble } = report;
  if (gifTrouble !== null) {
    throw new CodedError('output', 'no-animation', `The picture is ${out}, but without its animation. ${gifTrouble}`);
  }
}

/** Says of which files the first frame counts; nothing where none moves. */
export function firstFramesOf({ movingInputs }: PaintReport): readonly string[] {
  return movingInputs.map((file) => `Of ${file}, which moves, the first frame counts.`);
}

/** Says what becomes of what can't be seen of a style. */
export const transparentStyle = 'The style is transparent in places: they count as white.';

/** Says what a picture lacks of what was asked for; nothing where it lacks nothing. */
function lackOf({ shrunk, failure }: PaintReport): readonly string[] {
  const reason = failure === null ? 'there was not enough memory.' : `computing failed: ${failure}`;
  if (shrunk) return [`Made at ${shrunk.made} instead of ${shrunk.asked} pixels: ${reason}`];
  return failure === null ? [] : [`Finished early: ${reason}`];
}

/** Returns an error in the words that a person at the terminal is to read. */
function told(error: unknown, files: ReadonlyMap<InputName, string>): unknown {
  // A layer that doesn't exist is noticed only now, because the layers of a network are known only once it is loaded.
  if (isCoded(error, 'engine', 'unknown-layer')) return new CodedError('usage', 'unknown-layer', error.message);
  const mask = files.get('mask');
  return isCoded(error, 'mask') ? about(mask, error) : error;
}

/** Returns how much smaller a file is than what was asked for; null if it isn't. */
function shrinkageOf(painted: Shrinkage | undefined, written: Shrinkage | undefined): Shrinkage | null {
  return painted && written ? { asked: painted.asked, made: written.made } : (painted ?? written ?? null);
}

/** Writes an animation if one is wanted, and returns where it is or why it is not there. */
async function writeGif(
  gif: string | undefined,
  frames: Frames | undefined,
): Promise<Pick<PaintReport, 'gif' | 'gifTrouble'>> {
  if (gif === undefined || frames === undefined) return { gif: null, gifTrouble: null };
  try {
    await writeAnimation(gif, frames);
    return { gif, gifTrouble: null };
  } catch (error) {
    if (error instanceof CodedError) return { gif: null, gifTrouble: error.message };
    throw error;
  }
}

async function readInput(
  files: ReadonlyMap<InputName, string>,
  pictures: ReadonlyMap<InputName, Uint8Array> | undefined,
  input: InputName,
) {
  const file = files.get(input);
  if (file === undefined) throw new Error(`Expected a file for the picture "${input}", got none`);
  return { bytes: pictures?.get(input) ?? (await readPictureFile(file)), file };
}

function partOf(at: Workpiece): string {
  switch (at.kind) {
    case 'scale':
      return `scale ${at.scale}/${at.scales} (${at.width}×${at.height})`;
    case 'frame':
      return `frame ${at.frame}/${at.frames} (${at.width}×${at.height})`;
    case 'layer':
      return `${at.layer} (${at.number}/${at.layers})`;
    case 'pixels':
      return `${at.found} found (${at.width}×${at.height})`;
  }
}

/** Returns how much of a task is done, from 0 to 1. */
function shareOf({ epoch, epochs, at }: PaintingProgress): number {
  return at.kind === 'frame' ? (at.frame - 1 + epoch / epochs) / at.frames : epoch / epochs;
}
