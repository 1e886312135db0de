import { type Container, marginsOn } from './container.js';
import { readGifFrames } from './gif-frames.js';

/** Reads the structure of a GIF as far as its first frame needs it; {@link readGifFrames} reads the others, too. */
export function readGif(bytes: Uint8Array): Container {
  const { width, height, frames, cutOff } = readGifFrames(bytes, 2);
  const [first, second] = frames;
  if (first === undefined) return { animated: false, complete: !cutOff, firstPicture: bytes };
  // A frame without pixels leaves its canvas empty.
  const margins = first.width === 0 || first.height === 0 ? undefined : marginsOn({ width, height }, first);
  const animated = second !== undefined;
  return { animated, complete: true, firstPicture: animated || margins ? first.still() : bytes, margins };
}
