import type { Rectangle } from '../rectangle.js';

const extension = 0x21;

/** The byte that ends a file. */
export const trailer = Uint8Array.of(0x3b);

/** Fills a palette of RGB bytes up to a number of colours. */
export function paddedPalette(palette: Uint8Array, colors: number): Uint8Array {
  const padded = new Uint8Array(3 * colors);
  padded.set(palette);
  return padded;
}

/**
 * Makes a file's header: signature, screen, and the extension that makes browsers play it more often than once.
 * @param loops - how often it is played; 0: for ever.
 * @param palette - RGB bytes of the palette that all frames share, of 4, 8, … or 256 colours.
 */
export function fileHeader(
  width: number,
  height: number,
  loops: number,
  palette: Uint8Array = new Uint8Array(),
): Uint8Array {
  const flags = palette.length === 0 ? 0x70 : 0xf0 | (Math.log2(palette.length / 3) - 1);
  const screen = [...uint16(width), ...uint16(height), flags, 0, 0];
  // What is counted are the repetitions.
  const repetitions = Math.min(Math.max(loops - 1, 0), 0xffff);
  const loop = [extension, 0xff, 11, ...Buffer.from('NETSCAPE2.0'), 3, 1, ...uint16(repetitions), 0];
  return Uint8Array.from([...Buffer.from('GIF89a'), ...screen, ...palette, ...(loops === 1 ? [] : loop)]);
}

export interface FrameHeader {
  readonly rectangle: Rectangle;
  /** How long the frame stands, in hundredths of a second. */
  readonly centiseconds: number;
  /** Whether its rectangle is made transparent before the next frame; else it stays. */
  readonly isCleared: boolean;
  /** The index that shows what was there before. */
  readonly transparent: number | undefined;
  /** Number of colours of the palette behind the header; undefined: the frame has that of the file. */
  readonly localColors: number | undefined;
}

/** Makes the header of a frame: graphic control and image descriptor. */
export function frameHeader({ rectangle, centiseconds, isCleared, transparent, localColors }: FrameHeader): Uint8Array {
  const disposal = isCleared ? 2 : 1;
  const flags = (disposal << 2) | (transparent === undefined ? 0 : 1);
  const control = [extension, 0xf9, 4, flags, ...uint16(centiseconds), transparent ?? 0, 0];
  const { left, top, width, height } = rectangle;
  const palette = localColors === undefined ? 0 : 0x80 | (Math.log2(localColors) - 1);
  return Uint8Array.from([...control, 0x2c, ...[left, top, width, height].flatMap(uint16), palette]);
}

function uint16(value: number): [number, number] {
  return [value & 0xff, value >> 8];
}
