import { existsSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { CodedError } from '../coded-error.js';
import { fileFault } from '../files/file-trouble.js';
import { isSameFile, whyUnwritable, writeWhole } from '../files/whole-file.js';
import { encodeGif } from '../imaging/gif/encode-gif.js';
import type { Frames } from '../imaging/gif/writer.js';
import { maxGifBytes } from '../works/result-files.js';

// This file checks and writes the files of results, for every command of the command line.

/** Longest beginning of a name that is made up, in bytes. Names may have 255, and the ending needs some. */
const maxStemBytes = 200;

/**
 * Makes up the name of a result after the files that it is made of: `photo-painting.png`. Where something has that name
 * it is `photo-painting-2.png`, and so on, since nobody has said that anything may be overwritten.
 * @param suffix - what comes behind their names, such as `-texture`.
 * @param ending - the extension, with its dot.
 */
export function nameAfter(files: readonly string[], suffix = '', ending = '.png'): string {
  const names = new TextEncoder().encode(files.map((file) => basename(file, extname(file))).join('-'));
  // As a stream, since then the decoder leaves out a character that was cut in two.
  const stem = new TextDecoder().decode(names.subarray(0, maxStemBytes), { stream: true });
  for (let number = 1; ; number++) {
    const name = `${stem}${suffix}${number === 1 ? '' : `-${number}`}${ending}`;
    if (!existsSync(name)) return name;
  }
}

/**
 * Checks before any work is done that results can be written.
 * @param outputs - paths of results; undefined ones are passed over.
 * @param inputs - paths of the files that are read, which are never overwritten.
 * @throws CodedError `usage/would-overwrite` or `usage/unwritable`.
 */
export async function checkOutputs(
  outputs: readonly (string | undefined)[],
  inputs: readonly (string | undefined)[],
): Promise<void> {
  const paths = outputs.filter((path) => path !== undefined);
  for (const [index, path] of paths.entries()) {
    for (const input of inputs) {
      if (input === undefined || !(await isSameFile(input, path))) continue;
      throw wouldOverwrite(path, input === path ? 'it is one of the files to read' : `it is "${input}", which is read`);
    }
    for (const other of paths.slice(0, index)) {
      if (await isSameFile(other, path)) throw wouldOverwrite(other, `it is "${path}", which is written, too`);
    }
    const fault = await whyUnwritable(path);
    if (fault === undefined) continue;
    throw new CodedError('usage', 'unwritable', `"${path}" can't be written (${fault.reason}). ${fault.remedy}`);
  }
}

/** Checks the file name of an animation. @throws CodedError `usage/no-gif` if it doesn't end with .gif. */
export function requireGifName(gif: string | undefined): void {
  if (gif !== undefined && extname(gif).toLowerCase() !== '.gif') {
    throw new CodedError('usage', 'no-gif', `The animation is a GIF: end "${gif}" with .gif.`);
  }
}

/** Writes the file of a result, whole or not at all. @throws CodedError `output/unwritable`. */
export async function writeOutput(path: string, bytes: Uint8Array): Promise<void> {
  try {
    await writeWhole(path, bytes);
  } catch (error) {
    const { reason, remedy } = fileFault(error);
    const sentence = `"${path}" can't be written (${reason}). ${remedy}`;
    throw new CodedError('output', 'unwritable', sentence, { cause: error });
  }
}

/**
 * Writes an animation into a file that is small enough for a chat or a mail.
 * @throws `image/…` if it can't be made so small; CodedError `output/unwritable`.
 */
export async function writeAnimation(path: string, frames: Frames): Promise<void> {
  const { bytes } = await encodeGif(frames, { maxBytes: maxGifBytes });
  await writeOutput(path, bytes);
}

function wouldOverwrite(path: string, why: string): CodedError {
  return new CodedError('usage', 'would-overwrite', `"${path}" would be overwritten: ${why}. Choose another name.`);
}
