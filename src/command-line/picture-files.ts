import { randomUUID } from 'node:crypto';
import { access, constants, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { CodedError, isCoded } from '../coded-error.js';
import { fileFaults, fileTrouble } from '../files/file-trouble.js';
import { formatOfFileName, type OutputFormat } from '../imaging/encode.js';
import { encodeGif } from '../imaging/gif/encode-gif.js';
import type { Frames } from '../imaging/gif/writer.js';
import { maxGifBytes } from '../works/result-files.js';

// This file reads pictures from files, and writes them into files, for every command of the command line.

/** Largest size of a file that is read: it may be larger than an upload, but not endless. */
const maxFileBytes = 200 * 1024 * 1024;

/**
 * Checks before any work is done that results can be written.
 * @param outputs - paths of results; undefined ones are passed over.
 * @param inputs - paths of the files that are read, which are never overwritten.
 * @throws CodedError `usage/would-overwrite` or `usage/unwritable`.
 */
export async function checkOutputs(outputs: readonly (string | undefined)[], inputs: readonly string[]): Promise<void> {
  for (const path of outputs) {
    if (path === undefined) continue;
    if (inputs.some((input) => resolve(input) === resolve(path))) {
      throw new CodedError(
        'usage',
        'would-overwrite',
        `"${path}" would be overwritten, and it is one of the pictures to read. Choose another name.`,
      );
    }
    await checkWritable(path);
  }
}

/** Checks the file name of an animation. @throws CodedError `usage/no-gif` if it doesn't end with .gif. */
export function requireGifName(gif: string | undefined): void {
  if (gif !== undefined && extname(gif).toLowerCase() !== '.gif') {
    throw new CodedError('usage', 'no-gif', `The animation is a GIF: end "${gif}" with .gif.`);
  }
}

/** Reads the bytes of a picture's file. @throws CodedError `usage/too-many-bytes` or `usage/unreadable`. */
export async function readPictureFile(path: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(path);
    if (size <= maxFileBytes) return await readFile(path);
  } catch (error) {
    const sentence = `"${path}" can't be read (${fileTrouble(error)}). Give the path of a picture.`;
    throw new CodedError('usage', 'unreadable', sentence, { cause: error });
  }
  throw new CodedError('usage', 'too-many-bytes', `"${path}" is larger than ${maxFileBytes / 1024 / 1024} MiB.`);
}

/** Returns the format that the extension of a file name asks for. @throws CodedError `usage/unknown-format`. */
export function outputFormat(out: string): OutputFormat {
  try {
    return formatOfFileName(out);
  } catch (error) {
    if (isCoded(error, 'image')) throw new CodedError('usage', 'unknown-format', error.message);
    throw error;
  }
}

async function checkWritable(path: string): Promise<void> {
  const reason = await whyNotWritable(path);
  if (reason !== undefined) {
    throw new CodedError(
      'usage',
      'unwritable',
      `"${path}" can't be written (${reason}). Give a file in an existing folder.`,
    );
  }
}

async function whyNotWritable(path: string): Promise<string | undefined> {
  const folder = dirname(resolve(path));
  try {
    if (!(await stat(folder)).isDirectory()) return fileFaults.ENOTDIR.reason;
    await access(folder, constants.W_OK);
  } catch (error) {
    return fileTrouble(error);
  }
  const existing = await stat(path).catch(() => undefined);
  return existing?.isDirectory() ? fileFaults.EISDIR.reason : undefined;
}

/**
 * Writes an animation into a file that is small enough for a chat or a mail.
 * @throws `image/…` if it can't be made so small; CodedError `output/unwritable`.
 */
export async function writeAnimation(path: string, frames: Frames): Promise<void> {
  const { bytes } = await encodeGif(frames, { maxBytes: maxGifBytes });
  await writeWhole(path, bytes);
}

/** Writes a file by way of one beside it, so that it is never half written. @throws CodedError `output/unwritable`. */
export async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}`);
  try {
    await writeFile(temporary, bytes);
    await rename(temporary, path);
  } catch (error) {
    // The temporary file may not exist, or its folder may be gone: then there is nothing to remove.
    await rm(temporary, { force: true }).catch(() => {});
    throw new CodedError('output', 'unwritable', `"${path}" can't be written (${fileTrouble(error)}).`, {
      cause: error,
    });
  }
}
