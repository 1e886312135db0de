import { concat } from './handmade-files.js';

/** A frame of a GIF, of which each pixel is an index into {@link gifColors}. */
export interface GifFrame {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly pixel: (x: number, y: number) => number;
  /** The index that is transparent. */
  readonly transparent?: number;
  readonly interlaced?: boolean;
  /** What is done to the frame before the next: 1 leave it, 2 clear it, 3 restore what was there before. */
  readonly disposal?: 1 | 2 | 3;
  /** How long it is shown, in hundredths of a second; 10 by default. */
  readonly delay?: number;
}

export const gifColors: ReadonlyArray<readonly [number, number, number]> = [
  [255, 0, 0],
  [0, 255, 0],
  [0, 0, 255],
  [255, 255, 0],
  [0, 255, 255],
  [255, 0, 255],
  [40, 40, 40],
  [200, 200, 200],
];

const codeBits = 4;
const clearCode = 8;
const endCode = 9;
/** How many pixels may follow a clear code before codes grow longer. */
const pixelsPerClear = 6;

/** Makes a GIF by hand (89a specification), with codes of one pixel each. A frame that comes again is compressed once. */
export function gifOf(
  canvas: {
    readonly width: number;
    readonly height: number;
    readonly background?: number;
    readonly repetitions?: number;
  },
  ...frames: readonly GifFrame[]
): Buffer {
  const { width, height, background = 0, repetitions } = canvas;
  const bytesOf = new Map<GifFrame, Buffer>();
  for (const frame of new Set(frames)) bytesOf.set(frame, frameBytes(frame));
  return concat(
    'GIF89a',
    uint16(width, height),
    [0xf2, background, 0],
    gifColors.flat(),
    ...(repetitions === undefined ? [] : ['!\xff\x0bNETSCAPE2.0', [3, 1, ...uint16(repetitions), 0]]),
    ...frames.flatMap((frame) => bytesOf.get(frame) ?? []),
    [0x3b],
  );
}

function frameBytes(frame: GifFrame): Buffer {
  const { left, top, width, height, pixel, transparent, interlaced = false, disposal = 0, delay = 10 } = frame;
  const flags = (disposal << 2) | (transparent === undefined ? 0 : 1);
  const passes = [
    [0, 8],
    [4, 8],
    [2, 4],
    [1, 2],
  ] as const;
  const inOrder = Array.from({ length: height }, (_, y) => y);
  const rows = interlaced ? passes.flatMap(([first, step]) => inOrder.filter((y) => y % step === first)) : inOrder;
  const pixels = rows.flatMap((y) => Array.from({ length: width }, (_, x) => pixel(x, y)));
  return concat(
    [0x21, 0xf9, 4, flags, ...uint16(delay), transparent ?? 0, 0],
    [0x2c],
    uint16(left, top, width, height),
    [interlaced ? 0x40 : 0, codeBits - 1],
    subBlocks(
      packed([...pixels.flatMap((code, i) => (i % pixelsPerClear === 0 ? [clearCode, code] : [code])), endCode]),
    ),
  );
}

function packed(codes: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(Math.ceil((codes.length * codeBits) / 8));
  for (const [index, code] of codes.entries()) {
    const byte = index >> 1;
    bytes[byte] = (bytes[byte] ?? 0) | (code << (codeBits * (index % 2)));
  }
  return bytes;
}

function subBlocks(bytes: Uint8Array): Buffer {
  const blocks: Uint8Array[] = [];
  for (let start = 0; start < bytes.length; start += 255) {
    const block = bytes.subarray(start, start + 255);
    blocks.push(Uint8Array.of(block.length), block);
  }
  return concat(...blocks, [0]);
}

function uint16(...values: readonly number[]): readonly number[] {
  return values.flatMap((value) => [value & 0xff, value >> 8]);
}
