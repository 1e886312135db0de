import type { CodedError } from '../coded-error.js';
import type { ColorEncoding } from './colors/color-encoding.js';
import { confinedSharp } from './confined-sharp.js';
import type { Container, Margins } from './containers/container.js';
import { readContainer } from './containers/read-container.js';
import { imageError } from './image-error.js';
import { lacksMemory } from './lacks-memory.js';
import { type PictureFormat, sniffFormat } from './picture-format.js';
import { checkBytes, checkSize, defaultPictureLimits, type PictureLimits } from './picture-limits.js';

/** What is known about a picture before it is decoded. */
export interface PictureHeader {
  readonly format: PictureFormat;
  /** Width in pixels; it and the height are those of the picture as seen, with its EXIF orientation applied. */
  readonly width: number;
  readonly height: number;
  /** Whether the picture moves; only its first frame is decoded. */
  readonly animated: boolean;
}

/** A picture that is within the limits, ready to be decoded. */
export interface OpenPicture extends PictureHeader {
  /** The file, reduced to its first picture. */
  readonly bytes: Uint8Array;
  /** libvips' name of the colour space that the file is in: `srgb`, `b-w`, `cmyk`, `rgb16`, … */
  readonly space: string;
  /** Whether the file has an ICC profile. */
  readonly hasProfile: boolean;
  /** What lies around the first picture on its canvas, transparent; the size is that of the canvas. */
  readonly margins: Margins | undefined;
  /** The EXIF orientation from 1 to 8 that decoding puts upright; 1 where margins lie around the picture. */
  readonly orientation: number;
  /** What is to be converted to sRGB once the picture is decoded; undefined: decoding does that. */
  readonly encoding: ColorEncoding | undefined;
}

/**
 * Opens a picture: finds its format by its bytes, reads its header, and holds both against the limits. This is cheap,
 * whatever the file claims to be: pixels are decoded only of a picture within the limits whose end is not marked.
 * @throws `image/empty`, `image/not-an-image`, `image/unsupported-format`, `image/ambiguous-samples`,
 *   `image/too-many-bytes`, `image/truncated`, `image/damaged`, `image/out-of-memory`, `image/too-small`,
 *   `image/too-large-side`, `image/too-many-pixels` or `image/extreme-aspect-ratio`.
 */
export async function openPicture(bytes: Uint8Array, limits: Partial<PictureLimits> = {}): Promise<OpenPicture> {
  const allLimits = { ...defaultPictureLimits, ...limits };
  checkBytes(bytes.length, allLimits.maxBytes);
  const format = sniffFormat(bytes);
  const container = readContainer(bytes, format);
  if (container.complete === false) throw truncated(format);
  if (container.ambiguousSamples !== undefined) throw ambiguous(format, container.ambiguousSamples);
  const picture: OpenPicture = {
    format,
    ...(await readHeader(container, format)),
    animated: container.animated,
    bytes: container.firstPicture,
    margins: container.margins,
    encoding: container.encoding,
  };
  checkSize(picture, allLimits);
  if (container.complete === undefined) await checkEnd(picture);
  return picture;
}

/** A format's name as people write it. */
function displayName(format: PictureFormat): string {
  return format === 'webp' ? 'WebP' : format.toUpperCase();
}

/**
 * Makes the error for a picture whose header or pixels the decoder gives up on: `image/out-of-memory` where the system
 * gave it too little, else `image/damaged`.
 */
export function undecodable(format: PictureFormat, cause: unknown): CodedError {
  if (lacksMemory(cause)) {
    const message =
      `There is too little memory to open this ${displayName(format)} picture; please take a smaller one, or give the ` +
      'process more memory (where it is limited, by `ulimit -v` or a container).';
    return imageError('out-of-memory', message, { format }, cause);
  }
  return imageError(
    'damaged',
    `This ${displayName(format)} picture is damaged or of a rare kind; please open it, save it anew and try again.`,
    { format },
    cause,
  );
}

function truncated(format: PictureFormat, cause?: unknown): CodedError {
  const message = `The end of this ${displayName(format)} picture is missing; please take the whole file.`;
  return imageError('truncated', message, { format }, cause);
}

function ambiguous(format: PictureFormat, samples: string): CodedError {
  return imageError(
    'ambiguous-samples',
    `This ${displayName(format)} picture has ${samples}, which look different in every program; please save it with 8 bits a channel, as a PNG for example.`,
    { format, samples },
  );
}

/** The samples and colour spaces, in libvips' names, that it makes sRGB of as other programs do. */
const knownDepths = new Set(['uchar', 'ushort']);
const knownSpaces = new Set(['srgb', 'rgb16', 'b-w', 'grey16', 'cmyk']);

async function readHeader(
  { firstPicture, margins }: Container,
  format: PictureFormat,
): Promise<Pick<OpenPicture, 'width' | 'height' | 'space' | 'hasProfile' | 'orientation'>> {
  // The number of pixels is limited by checkSize, with an error that says so.
  const options = { failOn: 'error', limitInputPixels: false, pages: 1 } as const;
  const header = await confinedSharp(firstPicture, options)
    .metadata()
    .catch((error: unknown) => {
      throw undecodable(format, error);
    });
  const { width, height, space, depth, hasProfile, orientation = 1 } = header;
  if (!knownDepths.has(depth) || !knownSpaces.has(space)) throw ambiguous(format, `${space} samples of type ${depth}`);
  if (margins !== undefined) {
    const { left, top, right, bottom } = margins;
    return { width: left + width + right, height: top + height + bottom, space, hasProfile, orientation: 1 };
  }
  // The EXIF orientations from 5 on lay the picture on its side.
  const size = orientation >= 5 ? { width: height, height: width } : { width, height };
  return { ...size, space, hasProfile, orientation };
}

/** Finds out by decoding whether a picture is cut off. */
async function checkEnd({ format, bytes, width, height }: OpenPicture): Promise<void> {
  const options = { failOn: 'warning', limitInputPixels: width * height } as const;
  // Scaled down, the picture takes little memory, and its data is read to the end all the same.
  const decoding = confinedSharp(bytes, options).resize({ width: 8, height: 8 }).raw().toBuffer();
  await decoding.catch((error: unknown) => {
    if (lacksMemory(error)) throw undecodable(format, error);
    // Bytes behind the last scan, before the end marker that was put there, are no matter. Messages may get lost where
    // pictures are decoded side by side, so that all others count.
    const isTrailer = error instanceof Error && /extraneous bytes before marker/.test(error.message);
    if (!isTrailer || /premature end|instead of RST/.test(error.message)) throw truncated(format, error);
  });
}
