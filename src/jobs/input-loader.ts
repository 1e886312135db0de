import { readFile } from 'node:fs/promises';
import { isCoded } from '../coded-error.js';
import { download } from '../download/download.js';
import { openPicture } from '../imaging/picture-header.js';
import { builtInPreset, presetPicturePath } from '../presets/presets.js';
import type { ServerStyles } from '../settings/server-styles.js';
import { InputError } from './input-error.js';
import type { InputLoader } from './input-fetches.js';
import type { InputSource, PresetReference } from './job.js';
import { type JobFiles, MissingJobFileError } from './job-files.js';

export interface InputLoaderParts {
  readonly files: JobFiles;
  readonly styles: ServerStyles;
  /** Origins that pictures may be downloaded from. */
  readonly origins: readonly string[];
  readonly maxBytes: number;
}

/** From connecting to the last byte: a picture that takes longer is not coming. */
const downloadTimeoutMs = 30_000;

/**
 * Gets the pictures of jobs: from an address, from a preset, or from an earlier job. Each is checked by its bytes before it
 * is stored, so that what can't be decoded is told at once and costs no compute.
 */
export function inputLoader({ files, styles, origins, maxBytes }: InputLoaderParts): InputLoader {
  const bytesOf = async (source: Exclude<InputSource, { kind: 'job' }>, signal: AbortSignal): Promise<Uint8Array> =>
    source.kind === 'url'
      ? download(source.url, { origins, maxBytes, timeoutMs: downloadTimeoutMs, signal })
      : presetPicture(source.preset, styles);

  return async (job, input, source, signal) => {
    try {
      if (source.kind === 'job') return await files.copy(source.jobId, job.id, input);
      const bytes = await bytesOf(source, signal);
      await openPicture(bytes, { maxBytes });
      signal.throwIfAborted();
      await files.put(job.id, input, bytes);
    } catch (error) {
      throw signal.aborted ? error : told(error, input);
    }
  };
}

async function presetPicture({ name, guildId }: PresetReference, styles: ServerStyles): Promise<Uint8Array> {
  if (guildId === undefined) {
    const preset = builtInPreset(name);
    if (preset !== undefined) return readFile(presetPicturePath(preset));
  } else {
    const picture = styles.picture(guildId, name);
    if (picture !== undefined) return picture;
  }
  throw new InputError('unknown-preset', { name });
}

/** What can be told to a person of an error, with the picture that it is about; others stay as they are. */
function told(error: unknown, input: string): unknown {
  if (isCoded(error, 'download')) return new InputError(`download-${error.code}`, { ...error.context, input });
  if (error instanceof MissingJobFileError) return new InputError('inputs-expired', {});
  if (isCoded(error, 'image')) {
    const context = { ...error.context, input, message: error.message };
    return new InputError(error.key, context, { cause: error });
  }
  return error;
}
