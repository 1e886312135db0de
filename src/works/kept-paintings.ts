import { decodePicture } from '../imaging/decode.js';
import { encodePicture } from '../imaging/encode.js';
import type { RgbImage } from '../imaging/rgb-image.js';
import type { KeptFrames } from '../transfer/moving/frames.js';
import type { FrameKeeper } from './work.js';

/**
 * Keeps painted frames with a keeper, as PNGs, which lose nothing of eight bits a value. All frames have the size of the
 * first one: others were left by an attempt at a size that there was no memory for, and count as not there.
 */
export class KeptPaintings implements KeptFrames {
  readonly #keeper: FrameKeeper;
  readonly #largestSide: number;
  #size: { readonly width: number; readonly height: number } | undefined;

  /** @param largestSide - the longest side that the first frame may have, in pixels. */
  constructor(keeper: FrameKeeper, largestSide: number) {
    this.#keeper = keeper;
    this.#largestSide = largestSide;
  }

  async read(index: number): Promise<RgbImage | undefined> {
    const file = await this.#keeper.get(index);
    if (file === undefined) return undefined;
    const decoded = await decodePicture(file, { maxBytes: file.length, maxSide: this.#largestSide });
    const { image, sourceWidth: width, sourceHeight: height } = decoded;
    if (index === 0 && Math.max(width, height) <= this.#largestSide) this.#size = { width, height };
    return width === this.#size?.width && height === this.#size.height ? image : undefined;
  }

  async keep(index: number, picture: RgbImage): Promise<void> {
    const { width, height } = picture;
    if (index === 0) this.#size = { width, height };
    await this.#keeper.put(index, await encodePicture(picture, 'png'));
  }
}

/** Keeps frames for as long as this process paints. */
export class FramesInMemory implements FrameKeeper {
  readonly #files = new Map<number, Uint8Array>();

  async get(index: number): Promise<Uint8Array | undefined> {
    return this.#files.get(index);
  }

  async put(index: number, file: Uint8Array): Promise<void> {
    this.#files.set(index, file);
  }
}
