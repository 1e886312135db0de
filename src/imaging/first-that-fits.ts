import { encodingError, lacksMemoryToWrite } from './encoding-error.js';

/** What came of an attempt: the file, or an estimate of how large it would have become. */
export type Attempt<File> = { readonly file: File } | { readonly estimatedBytes: number };

/** Factor on estimated sizes, since estimates are this much too low at times. */
const safety = 1.04;

/**
 * Tries ways to write a file, from the best to the smallest, up to the first that fits into a number of bytes. Each attempt
 * tells how large the others will be, so that one or two are enough: those that are likely to be too large are passed over.
 * One that there is too little memory for fits as little as one that is too large.
 * @param share - the size of a file written in this way, in proportion to those written in others.
 * @returns undefined if none fits.
 * @throws `image/no-memory-to-write` if none fits, and one did not for that reason; what attempts throw otherwise.
 */
export async function firstThatFits<Way, File>(
  ways: readonly Way[],
  maxBytes: number,
  share: (way: Way) => number,
  attempt: (way: Way) => Promise<Attempt<File>>,
): Promise<File | undefined> {
  let bytesPerShare = 0;
  let lack: unknown;
  for (const [number, way] of ways.entries()) {
    const isLast = number === ways.length - 1;
    if (!isLast && bytesPerShare * share(way) * safety > maxBytes) continue;
    const result = await attempt(way).catch((error: unknown) => {
      lack = encodingError(error);
      if (!lacksMemoryToWrite(lack)) throw error;
    });
    if (!result) continue;
    if ('file' in result) return result.file;
    bytesPerShare = result.estimatedBytes / share(way);
  }
  if (lack) throw lack;
  return undefined;
}
