import type { PictureFormat } from '../picture-format.js';
import { readAvif } from './avif.js';
import type { Container } from './container.js';
import { readGif } from './gif.js';
import { readJpeg } from './jpeg.js';
import { readPng } from './png.js';
import { readTiff } from './tiff.js';
import { readWebp } from './webp.js';

const readers: Readonly<Record<PictureFormat, (bytes: Uint8Array) => Container>> = {
  jpeg: readJpeg,
  png: readPng,
  webp: readWebp,
  gif: readGif,
  avif: readAvif,
  tiff: readTiff,
};

/** Walks over the structure of a picture of the given format. It never throws, whatever the bytes are. */
export function readContainer(bytes: Uint8Array, format: PictureFormat): Container {
  return readers[format](bytes);
}
