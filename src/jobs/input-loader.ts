import { readFile } from 'node:fs/promises';
import { CodedError, type ErrorContext, isCoded } from '../coded-error.js';
import { download } from '../download/download.js';
import { openPicture } from '../imaging/picture-header.js';
import { builtInPreset, presetPicturePath } from '../presets/presets.js';
import type { KeptStyles } from '../settings/kept-styles.js';
import type { InputLoader } from './input-fetches.js';
import { type InputSource, keeperOf, type PresetReference } from './job.js';
import type { JobFiles } from './job-files.js';

export interface InputLoaderParts {
  readonly files: JobFiles;
  readonly styles: KeptStyles;
  /** Origins that pictures may be downloaded from. */
  readonly origins: readonly string[];
  readonly maxBytes: number;
}

/** How long a download may take from connecting to the last byte: a picture that takes longer is not coming. */
const downloadTimeoutMs = 30_000;

/**
 * Returns a loader that gets the pictures of jobs from an address, a preset, or an earlier job. Each is checked by its
 * bytes before it is stored, so that one that can't be decoded is reported at once and costs no compute.
 */
export function inputLoader({ files, styles, origins, maxBytes }: InputLoaderParts): InputLoader {
  const bytesOf = async (source: Exclude<InputSource, { kind: 'job' }>, signal: AbortSignal): Promise<Uint8Array> =>
    source.kind === 'url'
      ? download(source.url, { origins, maxBytes, timeoutMs: downloadTimeoutMs, signal })
      : presetPicture(source.preset, styles);

  return async (job, input, source, signal) => {
    try {
      if (source.kind === 'job') return await files.copy(source.jobId, source.input ?? input, job.id, input);
      const bytes = await bytesOf(source, signal);
      await openPicture(bytes, { maxBytes });
      signal.throwIfAborted();
      await files.put(job.id, input, bytes);
    } catch (error) {
      throw signal.aborted ? error : told(error, input);
    }
  };
}

async function presetPicture(reference: PresetReference, styles: KeptStyles): Promise<Uint8Array> {
  const { name } = reference;
  const keeper = keeperOf(reference);
  const preset = keeper ? undefined : builtInPreset(name);
  if (preset !== undefined) return readFile(presetPicturePath(preset));
  const picture = keeper && styles.picture(keeper, name);
  if (picture !== undefined) return picture;
  throw inputError('unknown-preset', { name });
}

/** Turns a foreseen error into one that a person can be told, and that names the picture. Others stay as they are. */
function told(error: unknown, input: string): unknown {
  if (isCoded(error, 'download')) return inputError(`download-${error.code}`, { ...error.context, input }, error);
  if (isCoded(error, 'job-files', 'missing')) return inputError('inputs-expired', {}, error);
  if (isCoded(error, 'image')) {
    return inputError(error.key, { ...error.context, input, message: error.message }, error);
  }
  return error;
}

/** Makes the error for a picture that can't be used. Texts for people are looked up by the code alone. */
function inputError(code: string, context: ErrorContext, cause?: CodedError): CodedError {
  return new CodedError('input', code, cause?.message ?? code, { context, cause });
}
