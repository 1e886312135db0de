import { uniformNumbers } from '../../src/random-numbers.js';
import { pngChunk } from '../imaging/handmade-files.js';
import type { Seed } from './corpus.js';

/** Numbers at which programs that count go wrong. */
const interesting = [0, 1, 2, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fff_ffff, 0xffff_ffff];

/** A picture made of another by chance. */
export interface Mutant {
  readonly seed: Seed;
  readonly bytes: Buffer;
}

/** Makes the mutated picture of a number, which is the same whenever it is made of the same seeds. */
export function mutant(seeds: readonly Seed[], runSeed: number, number: number): Mutant {
  // Multiplied by an odd number, neighbouring seeds have nothing in common.
  const random = uniformNumbers(Math.imul(runSeed, 0x9e37_79b1) ^ Math.imul(number + 1, 0x85eb_ca6b));
  const below = (limit: number) => Math.floor(random() * limit);
  const seed = seeds[below(seeds.length)];
  if (seed === undefined) throw new RangeError('Expected at least one seed');
  const relatives = seeds.filter(({ format }) => format === seed.format);
  const other = relatives[below(relatives.length)] ?? seed;
  let bytes: Buffer = Buffer.from(seed.bytes);
  // Most pictures should still be decoded, and few changes do that.
  const changes = 1 + below([1, 1, 1, 4, 30][below(5)] ?? 1);
  for (let change = 0; change < changes && bytes.length > 16; change++) bytes = changed(bytes, other.bytes, below);
  return { seed, bytes: seed.format === 'png' && random() < 0.8 ? withRightCheckSums(bytes) : bytes };
}

function changed(bytes: Buffer, other: Buffer, below: (limit: number) => number): Buffer {
  // Headers are short, and most of what can go wrong is in them.
  const at = below(2) === 0 ? below(Math.min(bytes.length, 200)) : below(bytes.length);
  const length = 1 + below(Math.min(64, bytes.length - at));
  switch (below(12)) {
    case 0:
    case 9:
    case 10:
      bytes[at] = (bytes[at] ?? 0) ^ (1 << below(8));
      return bytes;
    case 1:
      bytes[at] = below(256);
      return bytes;
    case 2: {
      const value = interesting[below(interesting.length)] ?? 0;
      const size = [1, 2, 4][below(3)] ?? 1;
      if (at + size > bytes.length) return bytes;
      if (below(2) === 0) bytes.writeUIntBE(value % 256 ** size, at, size);
      else bytes.writeUIntLE(value % 256 ** size, at, size);
      return bytes;
    }
    case 3:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
    case 4:
      return Buffer.concat([bytes.subarray(0, at + length), bytes.subarray(at)]);
    case 5:
      return Buffer.concat([
        bytes.subarray(0, at),
        Buffer.from(Array.from({ length }, () => below(256))),
        bytes.subarray(at),
      ]);
    case 6:
      return below(4) === 0 ? bytes.subarray(0, at) : bytes.subarray(0, bytes.length - length);
    case 7:
      return Buffer.concat([bytes.subarray(0, at), other.subarray(Math.min(at, other.length))]);
    default:
      bytes.fill(below(2) === 0 ? 0 : 0xff, at, at + length);
      return bytes;
  }
}

/** Writes the check sums of a PNG's chunks anew, since decoders look no further into a chunk whose check sum is wrong. */
function withRightCheckSums(bytes: Buffer): Buffer {
  const parts: Uint8Array[] = [bytes.subarray(0, 8)];
  let offset = 8;
  while (offset + 12 <= bytes.length) {
    const length = bytes.readUInt32BE(offset);
    if (offset + 12 + length > bytes.length) break;
    const type = bytes.toString('latin1', offset + 4, offset + 8);
    parts.push(pngChunk(type, bytes.subarray(offset + 8, offset + 8 + length)));
    offset += 12 + length;
  }
  return Buffer.concat([...parts, bytes.subarray(offset)]);
}
