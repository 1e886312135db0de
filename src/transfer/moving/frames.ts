import { createHash } from 'node:crypto';
import { fromBytes, toBytes } from '../../imaging/rgb-bytes.js';
import type { RgbImage } from '../../imaging/rgb-image.js';
import type { Mask } from '../area/mask.js';

/** The frames of a content that moves. Each is asked for when it is needed, so that few are in memory at a time. */
export interface Frames {
  /** How many there are, at least one. */
  readonly count: number;
  /** Whether the first one comes again after the last one. */
  readonly loops: boolean;
  /** Returns a frame by its index from 0; all are of one size. The same one may be asked for again. */
  readonly frame: (index: number) => Promise<RgbImage>;
  /** Returns how visible each pixel of a frame is, see {@link TransferPictures.visible}. Default: all of them are. */
  readonly visible?: (index: number) => Promise<Mask | undefined>;
}

/**
 * Where painted frames are kept. Painting goes on from what is kept there, so that a place that outlives the process lets
 * it go on after a restart. Frames are kept in eight bits a value, and gone on from as they are kept: a restart changes nothing.
 */
export interface KeptFrames {
  /** Returns a painted frame by its index from 0, or undefined where it is not painted yet. */
  readonly read: (index: number) => Promise<RgbImage | undefined>;
  /** Keeps a painted frame. */
  readonly keep: (index: number, picture: RgbImage) => Promise<void>;
}

/** Returns a picture as it comes back from where frames are kept. */
export function asKept(picture: RgbImage): RgbImage {
  return fromBytes(toBytes(picture), picture.width, picture.height);
}

/** Returns a text that is the same for equal pictures only. */
export function digestOf({ width, height, data }: RgbImage): string {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return `${width}×${height} ${createHash('sha1').update(bytes).digest('base64')}`;
}
