import type { CodedError } from '../coded-error.js';
import { encodePicture, isWritable } from './encode.js';
import { encodingError, lacksMemoryToWrite } from './encoding-error.js';
import { imageError } from './image-error.js';
import { type Opacity, resampleOpacity } from './opacity.js';
import { resample } from './resample.js';
import type { RgbImage } from './rgb-image.js';

export interface EncodeWithinOptions {
  /** Largest size of the file in bytes: Discord's upload limit, say. */
  readonly maxBytes: number;
  /** The picture's opacity, see {@link encodePicture}. Default: it is opaque. */
  readonly opacity?: Opacity | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface PictureWithin {
  readonly bytes: Buffer;
  readonly format: 'png' | 'webp';
  readonly width: number;
  readonly height: number;
  /** Quality of the WebP from 1 to 100; undefined for PNG, which loses nothing. */
  readonly quality: number | undefined;
}

/** One way to write a picture with loss. */
interface Rung {
  readonly quality: number;
  /** Factor by which both sides are scaled, 1 or less. */
  readonly scale: number;
}

/** WebP qualities to try at full size. Below the last of them, a picture looks better with fewer pixels. */
const fullSizeQualities = [95, 92, 90, 85, 80, 75, 70, 60, 50] as const;

/** WebP quality of pictures with fewer pixels: their detail is denser and needs a little more than the least above. */
const scaledQuality = 60;
const scales = [0.85, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1] as const;

/** All ways to write a picture with loss, from the best to the smallest; each takes fewer bytes than the one before. */
const ladder: readonly Rung[] = [
  ...fullSizeQualities.map((quality) => ({ quality, scale: 1 })),
  ...scales.map((scale) => ({ quality: scaledQuality, scale })),
];

/**
 * Encodes a picture to fit into a budget of bytes, in a format that Discord and every browser show: PNG where it fits,
 * else the best WebP of full size, else a smaller one. WebP needs half of JPEG's bytes for painted pictures. There are
 * at most seven attempts; most often the first or the second one fits.
 * @throws `image/picture-over-budget` if the picture is too large even with a tenth of its sides; `image/no-memory-to-write` if
 *   there is too little memory for all that would fit.
 * @throws `image/not-finite` if a value is not a finite number; the signal's reason once it is aborted.
 */
export async function encodeWithin(
  picture: RgbImage,
  { maxBytes, opacity, signal }: EncodeWithinOptions,
): Promise<PictureWithin> {
  signal?.throwIfAborted();
  const { width, height } = picture;
  let lack: unknown;
  const unlessMemoryLacks = (error: unknown) => {
    lack = encodingError(error);
    if (!lacksMemoryToWrite(lack)) throw error;
  };
  const png = await encodePicture(picture, 'png', { opacity }).catch(unlessMemoryLacks);
  if (png && png.length <= maxBytes) return { bytes: png, format: 'png', width, height, quality: undefined };

  // The first rung is tried first, because it nearly always fits; then bisection finds the best one that does.
  let best: PictureWithin | undefined;
  let candidates = ladder.filter((way) => isWritable(sizeOn(way, picture), 'webp'));
  let rung = candidates[0];
  while (rung !== undefined) {
    signal?.throwIfAborted();
    const attempt = await encodeRung(picture, opacity, rung).catch(unlessMemoryLacks);
    const fits = attempt !== undefined && attempt.bytes.length <= maxBytes;
    if (fits) best = attempt;
    const position = candidates.indexOf(rung);
    candidates = fits ? candidates.slice(0, position) : candidates.slice(position + 1);
    rung = candidates[Math.floor(candidates.length / 2)];
  }
  if (best === undefined) throw lack ?? overBudget(maxBytes);
  return best;
}

function overBudget(maxBytes: number): CodedError {
  const message = `The picture cannot be made smaller than ${maxBytes} bytes; send it where larger files are allowed.`;
  return imageError('picture-over-budget', message, { maxBytes });
}

/** Returns the size that a picture has on a rung. */
function sizeOn({ scale }: Pick<Rung, 'scale'>, { width, height }: Pick<RgbImage, 'width' | 'height'>) {
  const side = (length: number) => Math.max(1, Math.round(length * scale));
  return { width: side(width), height: side(height) };
}

async function encodeRung(
  picture: RgbImage,
  opacity: Opacity | undefined,
  { quality, scale }: Rung,
): Promise<PictureWithin> {
  const { width, height } = sizeOn({ scale }, picture);
  const scaled = scale === 1 ? picture : resample(picture, width, height);
  const scaledOpacity = opacity && scale !== 1 ? resampleOpacity(opacity, width, height) : opacity;
  const bytes = await encodePicture(scaled, 'webp', { quality, opacity: scaledOpacity });
  return { bytes, format: 'webp', width, height, quality };
}
