import type { Container } from './container.js';
import { TiffDirectory } from './tiff-directory.js';

const bitsPerSample = 258;
const compression = 259;
const photometric = 262;
const stripOffsets = 273;
const stripByteCounts = 279;
const samplesPerPixel = 277;
const tileOffsets = 324;
const tileByteCounts = 325;
const sampleFormat = 339;

/** Reads the structure of a TIFF (6.0, section 2): a directory lists where the pixels are, and the next directory. */
export function readTiff(bytes: Uint8Array): Container {
  const directory = TiffDirectory.first(bytes);
  if (directory === undefined) return { animated: false, complete: false, firstPicture: bytes };
  return {
    animated: false,
    complete: pixelsFit(directory, bytes.length),
    firstPicture: directory.hasNext ? withZeroAt(bytes, directory.nextOffset) : bytes,
    ambiguousSamples: ambiguousSamples(directory),
  };
}

/** Copies a file without the offset of its next directory: directories can be many, or lead in a circle. */
function withZeroAt(bytes: Uint8Array, offset: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy.fill(0, offset, offset + 4);
  return copy;
}

/** Whether all strips or tiles of the directory lie inside the file. */
function pixelsFit(directory: TiffDirectory, fileLength: number): boolean {
  const areTiles = directory.values(tileOffsets).count > 0;
  const offsets = directory.values(areTiles ? tileOffsets : stripOffsets);
  const byteCounts = directory.values(areTiles ? tileByteCounts : stripByteCounts);
  for (let index = 0; index < offsets.count; index++) {
    const byteCount = index < byteCounts.count ? byteCounts.at(index) : 0;
    if (offsets.at(index) + byteCount > fileLength) return false;
  }
  return true;
}

const sampleFormats: Readonly<Record<number, string>> = {
  2: 'signed samples',
  3: 'floating-point samples',
  5: 'complex samples',
  6: 'complex samples',
};

const colorSpaces: Readonly<Record<number, string>> = {
  8: 'CIELab colours',
  9: 'CIELab colours',
  10: 'CIELab colours',
  32803: 'raw samples of a camera',
  32844: 'LogLuv colours',
  32845: 'LogLuv colours',
  34892: 'raw samples of a camera',
};

/** How many samples colours take, by their photometric interpretation; a further one is taken for alpha. */
const samplesOfColors: Readonly<Record<number, number>> = { 0: 1, 1: 1, 2: 3, 3: 1, 5: 4, 6: 3 };

const ycbcr = 6;
const jpegCompression = 7;

/**
 * Names the samples of a directory if they are none that all programs show alike. Those are unsigned whole numbers of up
 * to 16 bits that are grey, RGB, CMYK or of a palette, and what is compressed as JPEG. Of others, floating-point numbers
 * for example, it isn't said what is black and white and whether they are linear; or libvips shows them wrongly.
 */
function ambiguousSamples(directory: TiffDirectory): string | undefined {
  const bits = directory.value(bitsPerSample, 1);
  const colors = directory.value(photometric, 1);
  const samples = directory.value(samplesPerPixel, 1);
  const isWhole = [8, 16].includes(bits) || ([1, 2, 4].includes(bits) && samples === 1);
  return (
    colorSpaces[colors] ??
    sampleFormats[directory.value(sampleFormat, 1)] ??
    (colors === ycbcr && directory.value(compression, 1) !== jpegCompression ? 'YCbCr colours' : undefined) ??
    (isWhole ? undefined : `samples of ${bits} bits`) ??
    (samples > (samplesOfColors[colors] ?? samples) + 1 ? 'several extra channels' : undefined)
  );
}
