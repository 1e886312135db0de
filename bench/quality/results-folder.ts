import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../../src/files/make-folder.js';
import { writeWhole } from '../../src/files/whole-file.js';
import { decodePicture } from '../../src/imaging/decode.js';
import { encodePicture } from '../../src/imaging/encode.js';
import type { RgbImage } from '../../src/imaging/rgb-image.js';
import type { Trial } from './trials.js';

/** Cost of painting a picture. */
export interface Cost {
  readonly seconds: number;
  /** Time of all processors together, which, unlike `seconds`, doesn't depend on what else the machine does. */
  readonly processorSeconds: number;
  readonly evaluations: number;
}

/**
 * Keeps in a folder what was painted and measured, so that a comparison can be cut off anywhere and goes on from there.
 * A picture counts as painted once the file of its cost is there.
 */
export class ResultsFolder {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Opens the folder for pictures of a size in pixels and a number of epochs; makes it if need be. */
  static async open(folder: string, size: number, epochs: number): Promise<ResultsFolder> {
    const own = join(folder, `${size}px-${epochs}-epochs`);
    makeFolder(own);
    return new ResultsFolder(own);
  }

  async keepPainting(trial: Trial, picture: RgbImage, cost: Cost): Promise<void> {
    await writeWhole(this.#path(trial, 'png'), await encodePicture(picture, 'png'));
    await this.#keep(trial, 'cost.json', cost);
  }

  async cost(trial: Trial): Promise<Cost | undefined> {
    return this.#kept<Cost>(trial, 'cost.json');
  }

  async picture(trial: Trial): Promise<RgbImage> {
    return (await decodePicture(await readFile(this.#path(trial, 'png')))).image;
  }

  /** Keeps measures of a picture. @param by - what measured it: a judge's name, or `pixels`. */
  async keepMeasures(trial: Trial, by: string, measures: object): Promise<void> {
    await this.#keep(trial, `${by}.json`, measures);
  }

  async measures<Measures extends object>(trial: Trial, by: string): Promise<Measures | undefined> {
    return this.#kept<Measures>(trial, `${by}.json`);
  }

  /** Writes a file about the whole comparison, and returns its path. */
  async writeReport(name: string, content: string | Uint8Array): Promise<string> {
    const path = join(this.#folder, name);
    await writeFile(path, content);
    return path;
  }

  async #keep(trial: Trial, ending: string, value: object): Promise<void> {
    await writeWhole(this.#path(trial, ending), new TextEncoder().encode(`${JSON.stringify(value)}\n`));
  }

  async #kept<Value extends object>(trial: Trial, ending: string): Promise<Value | undefined> {
    const text = await readFile(this.#path(trial, ending), 'utf8').catch(() => undefined);
    return text === undefined ? undefined : JSON.parse(text);
  }

  #path({ content, style, setting, styleWeight }: Trial, ending: string): string {
    return join(this.#folder, `${content}.${style}.${setting}.${styleWeight}.${ending}`);
  }
}
