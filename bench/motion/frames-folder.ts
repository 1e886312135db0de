import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodePicture } from '../../src/imaging/decode.js';
import { encodePicture } from '../../src/imaging/encode.js';
import type { RgbImage } from '../../src/imaging/rgb-image.js';
import type { KeptFrames } from '../../src/transfer/moving/frames.js';
import type { Taken } from './methods.js';

/** Keeps the frames that a method painted of a scene, and what they took, in a folder as PNGs. */
export class FramesFolder implements KeptFrames {
  readonly #path: string;

  private constructor(path: string) {
    this.#path = path;
  }

  /** Opens a folder, which is made where there is none. */
  static async open(path: string): Promise<FramesFolder> {
    await mkdir(path, { recursive: true });
    return new FramesFolder(path);
  }

  async read(index: number): Promise<RgbImage | undefined> {
    try {
      return (await decodePicture(await readFile(this.#file(index)))).image;
    } catch {
      return undefined;
    }
  }

  async keep(index: number, picture: RgbImage): Promise<void> {
    await writeFile(this.#file(index), await encodePicture(picture, 'png'));
  }

  /** Returns what all frames took; undefined where they are not all there. */
  async taken(): Promise<readonly Taken[] | undefined> {
    try {
      return JSON.parse(await readFile(join(this.#path, 'taken.json'), 'utf8')) as readonly Taken[];
    } catch {
      return undefined;
    }
  }

  async keepTaken(taken: readonly Taken[]): Promise<void> {
    await writeFile(join(this.#path, 'taken.json'), JSON.stringify(taken));
  }

  async empty(): Promise<void> {
    await rm(this.#path, { recursive: true, force: true });
    await mkdir(this.#path, { recursive: true });
  }

  #file(index: number): string {
    return join(this.#path, `${String(index).padStart(3, '0')}.png`);
  }
}
