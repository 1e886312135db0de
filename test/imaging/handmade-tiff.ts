/** A picture's samples, as they are to stand in a TIFF: rows from the top, samples of a pixel side by side. */
export interface TiffSamples {
  readonly width: number;
  readonly height: number;
  /** Samples of a pixel. */
  readonly channels: number;
  readonly bits: number;
  /** The number of a format: 1 unsigned, 2 signed, 3 floating point, 5 signed complex, 6 floating-point complex. */
  readonly format?: 1 | 2 | 3 | 5 | 6;
  /** The sample of a pixel's channel, as the number that is written. */
  readonly sample: (x: number, y: number, channel: number) => number;
}

export interface TiffOptions {
  readonly photometric: number;
  readonly bigEndian?: boolean;
  /** Whether each channel is a plane of its own. */
  readonly planar?: boolean;
  /** Side of the square tiles; default: strips. */
  readonly tile?: number;
  readonly compression?: number;
  /** Further tags with values of 16 bits each; the ICC profile (34675) is of bytes. */
  readonly tags?: Readonly<Record<number, readonly number[]>>;
  readonly profile?: Uint8Array;
  /** Data in place of the samples, compressed. */
  readonly data?: Uint8Array;
}

type Entry = readonly [tag: number, type: number, values: readonly number[]];

const byte = 7;
const short = 3;
const long = 4;
const sizes: Readonly<Record<number, number>> = { [byte]: 1, [short]: 2, [long]: 4 };

/** Makes an uncompressed TIFF of one picture, by hand from the specification (TIFF 6.0). */
export function tiffOfSamples(samples: TiffSamples, options: TiffOptions): Buffer {
  const { width, height, channels, bits, format = 1 } = samples;
  const { photometric, bigEndian = false, planar = false, tile, compression = 1, tags = {}, profile, data } = options;
  const parts = data ? [data] : blocks(samples, { bigEndian, planar, tile });
  const offsets = parts.map((_, index) => 8 + parts.slice(0, index).reduce((sum, part) => sum + part.length, 0));
  const counts = parts.map((part) => part.length);
  const entries: Entry[] = [
    [256, short, [width]],
    [257, short, [height]],
    [258, short, Array<number>(channels).fill(bits)],
    [259, short, [compression]],
    [262, short, [photometric]],
    [277, short, [channels]],
    [284, short, [planar ? 2 : 1]],
    [339, short, Array<number>(channels).fill(format)],
    ...Object.entries(tags).map(([tag, values]): Entry => [Number(tag), short, values]),
    ...(profile ? [[34_675, byte, [...profile]] satisfies Entry] : []),
    ...(tile
      ? ([
          [322, short, [tile]],
          [323, short, [tile]],
          [324, long, offsets],
          [325, long, counts],
        ] satisfies Entry[])
      : ([
          [273, long, offsets],
          [278, short, [height]],
          [279, long, counts],
        ] satisfies Entry[])),
  ];
  // Of two entries with one tag, the later one counts here.
  const byTag = new Map(entries.map((entry) => [entry[0], entry]));
  return assembled(
    Buffer.concat(parts),
    [...byTag.values()].toSorted(([a], [b]) => a - b),
    bigEndian,
  );
}

/** Writes the samples as strips or tiles. */
function blocks(
  { width, height, channels, bits, format = 1, sample }: TiffSamples,
  { bigEndian, planar, tile }: { bigEndian: boolean; planar: boolean; tile: number | undefined },
): readonly Buffer[] {
  const planes = planar ? Array.from({ length: channels }, (_, channel) => [channel]) : [[...Array(channels).keys()]];
  const [blockWidth, blockHeight] = tile ? [tile, tile] : [width, height];
  return planes.flatMap((plane) => {
    const result: Buffer[] = [];
    for (let top = 0; top < height; top += blockHeight) {
      for (let left = 0; left < width; left += blockWidth) {
        const rows = Array.from({ length: blockHeight }, (_, y) => {
          const row = Array.from({ length: blockWidth }, (_, x) =>
            plane.map((channel) => sample(Math.min(left + x, width - 1), Math.min(top + y, height - 1), channel)),
          ).flat();
          return bits < 8
            ? packed(row, bits)
            : Buffer.concat(row.map((value) => number(value, bits, format, bigEndian)));
        });
        result.push(Buffer.concat(rows));
      }
    }
    return result;
  });
}

function packed(values: readonly number[], bits: number): Buffer {
  const row = Buffer.alloc(Math.ceil((values.length * bits) / 8));
  for (const [index, value] of values.entries()) {
    const bit = index * bits;
    row[bit >> 3] = (row[bit >> 3] ?? 0) | (value << (8 - bits - (bit & 7)));
  }
  return row;
}

function number(value: number, bits: number, format: number, bigEndian: boolean): Buffer {
  const bytes = Buffer.alloc(bits / 8);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const little = !bigEndian;
  if (format === 3 && bits === 16) view.setUint16(0, halfFloat(value), little);
  else if (format === 3 && bits === 32) view.setFloat32(0, value, little);
  else if (format === 3) view.setFloat64(0, value, little);
  else if (format === 6) view.setFloat32(0, value, little);
  else if (bits === 64) view.setBigUint64(0, BigInt(value), little);
  // Negative numbers are written as the unsigned ones that have the same bits.
  else if (bits === 32) view.setUint32(0, value, little);
  else if (bits === 16) view.setUint16(0, value, little);
  else view.setUint8(0, value);
  return bytes;
}

/** The bits of a number from 0 to 1 as a half-precision float, for powers of two and 0. */
function halfFloat(value: number): number {
  return value === 0 ? 0 : (15 + Math.round(Math.log2(value))) << 10;
}

function assembled(pixels: Buffer, entries: readonly Entry[], bigEndian: boolean): Buffer {
  const directory = 8 + pixels.length + (pixels.length % 2);
  const tableBytes = 2 + 12 * entries.length + 4;
  const extra: Buffer[] = [];
  let extraOffset = directory + tableBytes;
  const table = Buffer.alloc(tableBytes);
  const view = new DataView(table.buffer, table.byteOffset, table.length);
  view.setUint16(0, entries.length, !bigEndian);
  for (const [index, [tag, type, values]] of entries.entries()) {
    const entry = 2 + 12 * index;
    const size = sizes[type] ?? 1;
    const data = Buffer.concat(values.map((value) => number(value, 8 * size, 1, bigEndian)));
    view.setUint16(entry, tag, !bigEndian);
    view.setUint16(entry + 2, type, !bigEndian);
    view.setUint32(entry + 4, values.length, !bigEndian);
    if (data.length <= 4) {
      table.set(data, entry + 8);
    } else {
      view.setUint32(entry + 8, extraOffset, !bigEndian);
      extra.push(data);
      extraOffset += data.length;
    }
  }
  const header = Buffer.alloc(8);
  header.write(bigEndian ? 'MM\0*' : 'II*\0', 'latin1');
  new DataView(header.buffer, header.byteOffset, 8).setUint32(4, directory, !bigEndian);
  return Buffer.concat([header, pixels, Buffer.alloc(pixels.length % 2), table, ...extra]);
}
