import { basename, extname } from 'node:path';
import { about, CodedError, isCoded } from '../coded-error.js';
import type { Engine } from '../engine/engine.js';
import { encodePicture } from '../imaging/encode.js';
import type { PaintingProgress, Workpiece } from '../works/progress.js';
import { performWithinMemory, type Shrinkable, type Shrinkage } from '../works/within-memory.js';
import type { InputName, NetworkPainting, Painting, Work } from '../works/work.js';
import type { TerminalWork } from './interruptible.js';
import { peakRssBytes } from './peak-memory.js';
import {
  checkOutputs,
  outputFormat,
  readPictureFile,
  requireGifName,
  writeAnimation,
  writeWhole,
} from './picture-files.js';

/** What is to be painted, from which files into which. */
export interface PaintRequest<Task> {
  readonly task: Task;
  /** The files of the task's pictures. */
  readonly files: ReadonlyMap<InputName, string>;
  /** Where the picture goes; its extension decides the format. */
  readonly out: string;
  /** Where the animation goes, if one is wanted. */
  readonly gif: string | undefined;
  /** Opens what looks at pictures, for kinds that need it. It is closed again. */
  readonly openEngine?: () => Promise<Engine>;
}

/** The part of what `--json` prints that all kinds have. */
export interface PaintReport {
  /** Steps that the optimiser made. */
  readonly epochs: number;
  /** Since the process began: everything, from loading the program to the last byte written. */
  readonly seconds: number;
  readonly out: string;
  readonly gif: string | null;
  /** Whether it was stopped early, with the best picture so far. */
  readonly stopped: boolean;
  /** The longer sides of a picture that became smaller because there was not enough memory, else null. */
  readonly shrunk: Shrinkage | null;
}

/** What was painted, and what is to be told of it. */
export interface Painted<Result> {
  readonly painting: Shrinkable<Result>;
  readonly report: PaintReport;
}

/**
 * Performs a task: reads its files, writes the picture and its animation. Whatever can be refused is refused before the work
 * begins; files appear whole or not at all.
 *
 * @throws CodedError `usage/…` or `output/…`; `image/…` that names the file; what the work and opening the engine throw. Each
 *   has a sentence that says what to do.
 */
export async function paint<Task, Result extends Painting<unknown>>(
  work: Pick<Work<Task, Result>, 'sizeOf' | 'withSize' | 'perform'>,
  { task, files, out, gif, openEngine }: PaintRequest<Task>,
  { signal, show }: TerminalWork,
): Promise<Painted<Result>> {
  const format = outputFormat(out);
  requireGifName(gif);
  await checkOutputs([out, gif], [...files.values()]);
  let engine: Promise<Engine> | undefined;
  const options = {
    engineFor: () => {
      if (!openEngine) throw new Error('Expected a kind that needs no engine, got one that asks for it');
      engine ??= openEngine();
      return engine;
    },
    animated: gif !== undefined,
    signal,
    onProgress: (progress: PaintingProgress) => show({ ...progress, place: placeOf(progress.at) }),
  };
  try {
    const painting = await performWithinMemory(work, task, (input) => readInput(files, input), options);
    const { picture, frames, epochs, stopped, shrunk } = painting;
    await writeWhole(out, await encodePicture(picture, format));
    if (gif !== undefined && frames) await writeAnimation(gif, frames);
    const seconds = performance.now() / 1000;
    return { painting, report: { epochs, seconds, out, gif: gif ?? null, stopped, shrunk: shrunk ?? null } };
  } catch (error) {
    throw told(error, files);
  } finally {
    await (await engine?.catch(() => undefined))?.dispose();
  }
}

/** The part of what `--json` prints that all kinds have that look with a network. */
export interface NetworkReport {
  readonly network: string;
  readonly engine: string;
  readonly evaluations: number;
  /** The part of the time that was spent in the engine, in seconds. */
  readonly engineSeconds: number;
  readonly peakRssBytes: number;
}

export function networkReport({ network, engine, evaluations, engineSeconds }: NetworkPainting): NetworkReport {
  return { network, engine, evaluations, engineSeconds, peakRssBytes: peakRssBytes() };
}

/** Prints a report as JSON, or in sentences for a person. */
export function printReport(report: PaintReport, json: boolean, sentences: readonly string[]): void {
  const { shrunk } = report;
  const smaller = shrunk && `Made at ${shrunk.made} instead of ${shrunk.asked} pixels: there was not enough memory.`;
  const lines = json ? [JSON.stringify(report)] : [...sentences, ...(smaller ? [smaller] : [])];
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** An error as somebody at the terminal is told of it. */
function told(error: unknown, files: ReadonlyMap<InputName, string>): unknown {
  // The layers of a network are known only once it is loaded.
  if (isCoded(error, 'engine', 'unknown-layer')) return new CodedError('usage', 'unknown-layer', error.message);
  const mask = files.get('mask');
  return isCoded(error, 'mask') ? about(mask, error) : error;
}

/** The name of a file without folder and extension: what results are named by. */
export function stemOf(path: string): string {
  return basename(path, extname(path));
}

async function readInput(files: ReadonlyMap<InputName, string>, input: InputName) {
  const file = files.get(input);
  if (file === undefined) throw new Error(`Expected a file for the picture "${input}", got none`);
  return { bytes: await readPictureFile(file), file };
}

function placeOf(at: Workpiece): string {
  switch (at.kind) {
    case 'scale':
      return `scale ${at.scale}/${at.scales} (${at.width}×${at.height})`;
    case 'layer':
      return `${at.layer} (${at.number}/${at.layers})`;
    case 'pixels':
      return `${at.found} found (${at.width}×${at.height})`;
  }
}
