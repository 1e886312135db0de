import { isCoded } from '../coded-error.js';
import { imageError } from './image-error.js';
import { lacksMemory } from './lacks-memory.js';

/**
 * The words of encoders that give no reason: libwebp's, libheif's and its codecs'. They get pixels that are sound and of a
 * size that was checked before, so that it is memory that they lack.
 */
const withoutReason = /webpsave: unable to encode|heif: encoder plugin generated an error/i;

/** Returns what to tell of an error of encoding: `image/no-memory-to-write` where memory lacked, or else the error as it is. */
export function encodingError(error: unknown): unknown {
  const isMemory = lacksMemory(error) || (error instanceof Error && withoutReason.test(error.message));
  if (!isMemory) return error;
  const message =
    'There is too little memory to write the picture as a file; please take a smaller size, or give the process more ' +
    'memory (where it is limited, by `ulimit -v` or a container).';
  return imageError('no-memory-to-write', message, {}, error);
}

/** Tells whether an error says that a picture couldn't be encoded for lack of memory. A smaller one may be. */
export function lacksMemoryToWrite(error: unknown): boolean {
  return isCoded(error, 'image', 'no-memory-to-write');
}
