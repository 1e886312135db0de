import sharp from 'sharp';
import { CodedError } from '../../src/coded-error.js';
import { openAnimation } from '../../src/imaging/animation/open-animation.js';
import { readContainer } from '../../src/imaging/containers/read-container.js';
import { type DecodedPicture, decodePicture } from '../../src/imaging/decode.js';
import { openPicture } from '../../src/imaging/picture-header.js';
import { toBytes } from '../../src/imaging/rgb-bytes.js';
import type { Mutant } from './mutate.js';

/**
 * What came of a mutated picture:
 *
 * - `refused`: in words.
 * - `same`: decoded as sharp decodes the whole file.
 * - `exception`: decoded otherwise, as it is meant to be; see {@link exceptionOf}.
 * - `alone`: decoded, and sharp refuses the whole file, of which something behind the first picture is broken.
 * - `other`: decoded to something else. This is a fault, and so are the next two.
 * - `unforeseen`: an error without words.
 * - `slow`: two seconds of a processor, for its first picture or for all of its frames.
 */
export type Verdict = 'refused' | 'same' | 'exception' | 'alone' | 'other' | 'unforeseen' | 'slow';

export interface Judgement {
  readonly verdict: Verdict;
  readonly detail: string;
}

const longestMs = 2000;

/** Sides that are broken should be decoded as far as memory allows it. */
const limits = { minSourceSide: 1, maxAspectRatio: 100 };

/** How far bytes may be apart: transparency is put on white in floating point here, and in bytes by sharp. */
const tolerance = 2;

/** Decodes a mutated picture, and holds it against what sharp makes of the whole file. */
export async function judge({ bytes, seed }: Mutant): Promise<Judgement> {
  const moving = await timed(() => playToEnd(bytes));
  const found = await timed(() => decodePicture(bytes, limits));
  for (const { milliseconds } of [found, moving]) {
    if (milliseconds > longestMs) return { verdict: 'slow', detail: `${Math.round(milliseconds)} ms` };
  }
  if ('error' in moving && !(moving.error instanceof CodedError)) return unforeseen(moving.error);
  if ('error' in found) {
    const { error } = found;
    return error instanceof CodedError ? { verdict: 'refused', detail: error.key } : unforeseen(error);
  }
  const exception = await exceptionOf(bytes, seed.format);
  if (exception !== undefined) return { verdict: 'exception', detail: exception };
  return compared(bytes, found.result);
}

function unforeseen(error: unknown): Judgement {
  return { verdict: 'unforeseen', detail: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}

/** Decodes all frames of an animation. */
async function playToEnd(bytes: Buffer): Promise<void> {
  const animation = await openAnimation(bytes, limits);
  for (const index of animation?.delaysMs.keys() ?? []) await animation?.frame(index);
}

type Timed<Result> = { readonly milliseconds: number } & ({ readonly result: Result } | { readonly error: unknown });

/** Takes the time of processors: other processes may have them for as long as they like. */
async function timed<Result>(decode: () => Promise<Result>): Promise<Timed<Result>> {
  const start = process.cpuUsage();
  const milliseconds = () => {
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  };
  try {
    const result = await decode();
    return { milliseconds: milliseconds(), result };
  } catch (error) {
    return { milliseconds: milliseconds(), error };
  }
}

/**
 * Says why a picture is decoded other than sharp decodes the whole file, for these are meant to be:
 *
 * - a first frame of a GIF or animated PNG that does not fill its canvas, or stands behind the picture of the PNG: it
 *   is shown on its canvas, as in browsers;
 * - a PNG or AVIF with gamma, primaries or code points: it is converted to sRGB, as in browsers;
 * - an AVIF whose major brand is another: libvips does not open it;
 * - 16 bits with an ICC profile, which sharp converts to Display P3, or not at all.
 */
async function exceptionOf(bytes: Buffer, format: Mutant['seed']['format']): Promise<string | undefined> {
  const { margins, encoding, animated, firstPicture } = readContainer(bytes, format);
  if (margins) return 'canvas';
  if (encoding) return 'colours';
  if (format === 'png' && animated && bytes.includes('fdAT')) return 'first frame';
  if (format === 'avif' && firstPicture !== bytes) return 'brand';
  const { space, hasProfile } = await openPicture(bytes, limits);
  return hasProfile && space.endsWith('16') ? '16 bits with a profile' : undefined;
}

async function compared(bytes: Buffer, { image }: DecodedPicture): Promise<Judgement> {
  const pixels = toBytes(image);
  const size = `${image.width}×${image.height}`;
  const whole = await sharp(bytes, { pages: 1, failOn: 'none', autoOrient: true })
    .resize({ width: 2048, height: 2048, fit: 'inside', withoutEnlargement: true, fastShrinkOnLoad: false })
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
    .catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));
  if (whole instanceof Error) return { verdict: 'alone', detail: whole.message.split('\n', 1)[0] ?? '' };
  const { data, info } = whole;
  if (`${info.width}×${info.height}` !== size) {
    return { verdict: 'other', detail: `${size} instead of ${info.width}×${info.height}` };
  }
  let largest = 0;
  for (const [i, byte] of pixels.entries()) {
    const theirs =
      data[info.channels < 3 ? Math.floor(i / 3) * info.channels : Math.floor(i / 3) * info.channels + (i % 3)];
    largest = Math.max(largest, Math.abs(byte - (theirs ?? Number.NaN)));
  }
  return largest <= tolerance
    ? { verdict: 'same', detail: '' }
    : { verdict: 'other', detail: `bytes differ by ${largest}` };
}
