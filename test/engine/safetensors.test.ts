import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CodedError, isCoded } from '../../src/coded-error.js';
import { bundledWeights } from '../../src/engine/weights/bundled.js';
import { widenHalfPrecision } from '../../src/engine/weights/half-precision.js';
import { parseSafetensors, readSafetensors, serializeSafetensors } from '../../src/engine/weights/safetensors.js';
import type { WeightsErrorCode } from '../../src/engine/weights/weights-error.js';
import { packageRoot } from '../../src/package-root.js';

/** Makes a file by hand, with any header and any number of bytes of data after it. */
function file(header: unknown, dataBytes = 0, claimedLength?: bigint): Uint8Array {
  const text =
    header instanceof Uint8Array
      ? header
      : new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + text.length + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, claimedLength ?? BigInt(text.length), true);
  bytes.set(text, 8);
  return bytes;
}

function tensor(shape: unknown, offsets: unknown, dtype: unknown = 'F32') {
  return { dtype, shape, data_offsets: offsets };
}

function failureOf(action: () => unknown): CodedError {
  try {
    action();
  } catch (error) {
    if (isCoded(error, 'weights')) return error;
    throw error;
  }
  throw new Error('Nothing was thrown.');
}

/** Returns the bytes of half-precision numbers, each of which is given by its 16 bits. */
function half(...bits: number[]): Uint8Array {
  return Uint8Array.from(bits.flatMap((number) => [number & 0xff, number >> 8]));
}

describe('a safetensors file', () => {
  it('comes back as it was written', () => {
    const tensors = new Map([
      ['conv1_1.weight', { shape: [2, 3], data: Float32Array.of(1, -2.5, 3e-40, 4e30, -0, 0.1) }],
      ['scalar', { shape: [], data: Float32Array.of(7) }],
      ['nothing', { shape: [0, 5], data: new Float32Array() }],
      ['Größe', { shape: [1], data: Float32Array.of(Number.NaN) }],
    ]);
    const metadata = new Map([
      ['network', 'vgg19'],
      ['licence', 'CC BY – “Oxford”'],
    ]);
    const bytes = serializeSafetensors(tensors, metadata);
    const read = parseSafetensors(bytes, 'round-trip');
    expect(read.metadata).toEqual(metadata);
    expect(read.tensors).toEqual(tensors);
  });

  it('has a header padded with spaces to a multiple of eight bytes', () => {
    for (const name of ['a', 'ab', 'abc', 'abcd', 'abcde', 'abcdef', 'abcdefg', 'abcdefgh']) {
      const bytes = serializeSafetensors(new Map([[name, { shape: [1], data: Float32Array.of(1) }]]));
      const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
      expect(length % 8).toBe(0);
      expect(new TextDecoder().decode(bytes.subarray(8, 8 + length))).toMatch(/^\{.*\} {0,7}$/);
      expect(bytes.length).toBe(8 + length + 4);
    }
  });

  it('is written from views into larger arrays', () => {
    const data = Float32Array.of(9, 1, 2, 9).subarray(1, 3);
    const bytes = serializeSafetensors(new Map([['a', { shape: [2], data }]]));
    expect(parseSafetensors(bytes, 'view').tensors.get('a')?.data).toEqual(Float32Array.of(1, 2));
  });

  it('is not written where a shape does not hold the data, or a name is taken', () => {
    const data = Float32Array.of(1, 2, 3);
    expect(() => serializeSafetensors(new Map([['a', { shape: [2], data }]]))).toThrow(RangeError);
    expect(() => serializeSafetensors(new Map([['a', { shape: [-1, -3], data }]]))).toThrow(RangeError);
    expect(() => serializeSafetensors(new Map([['__metadata__', { shape: [3], data }]]))).toThrow(RangeError);
  });

  it('reads float32 at any alignment, of the header and of the buffer', () => {
    const values = Float32Array.of(1.5, -2.25, 1e-3);
    for (let padding = 0; padding < 4; padding += 1) {
      for (let shift = 0; shift < 4; shift += 1) {
        const header = JSON.stringify({ a: tensor([3], [0, 12]) }) + ' '.repeat(padding);
        const bytes = file(header, 12);
        bytes.set(new Uint8Array(values.buffer), bytes.length - 12);
        const shifted = new Uint8Array(bytes.length + shift).subarray(shift);
        shifted.set(bytes);
        expect(parseSafetensors(shifted, 'shifted').tensors.get('a')?.data).toEqual(values);
      }
    }
  });

  it('does not share memory with the bytes that it was read from', () => {
    const bytes = serializeSafetensors(new Map([['a', { shape: [1], data: Float32Array.of(1) }]]));
    const { tensors } = parseSafetensors(bytes, 'copy');
    bytes.fill(0);
    expect(tensors.get('a')?.data).toEqual(Float32Array.of(1));
  });

  it('may list its tensors in any order', () => {
    const bytes = file({ b: tensor([1], [4, 8]), empty: tensor([0], [4, 4]), a: tensor([1], [0, 4]) }, 8);
    new DataView(bytes.buffer).setFloat32(bytes.length - 4, 5, true);
    const { tensors } = parseSafetensors(bytes, 'order');
    expect(tensors.get('a')?.data).toEqual(Float32Array.of(0));
    expect(tensors.get('b')?.data).toEqual(Float32Array.of(5));
    expect(tensors.get('empty')?.data).toEqual(new Float32Array());
  });

  it('widens half precision exactly, at odd offsets too', () => {
    const bits = half(0x0000, 0x8000, 0x3c00, 0xc000, 0x7bff, 0x0400, 0x0001, 0x83ff, 0x7c00, 0xfc00, 0x7e00, 0x3555);
    const odd = new Uint8Array(bits.length + 1).subarray(1);
    odd.set(bits);
    const expected = [0, -0, 1, -2, 65504, 2 ** -14, 2 ** -24, -1023 * 2 ** -24, Infinity, -Infinity, NaN, 1365 / 4096];
    for (const bytes of [bits, odd]) expect([...widenHalfPrecision(bytes)]).toEqual(expected);
    const bytes = file({ a: tensor([3, 4], [0, 24], 'F16') }, 24);
    bytes.set(bits, bytes.length - 24);
    expect([...(parseSafetensors(bytes, 'half').tensors.get('a')?.data ?? [])]).toEqual(expected);
  });

  it('may call its tensors like parts of JavaScript', () => {
    const header = `{"__proto__":${JSON.stringify(tensor([1], [0, 4]))},"constructor":${JSON.stringify(tensor([1], [4, 8]))}}`;
    const { tensors } = parseSafetensors(file(header, 8), 'names');
    expect([...tensors.keys()]).toEqual(['__proto__', 'constructor']);
    expect(Object.getPrototypeOf({})).toBe(Object.prototype);
    expect('dtype' in {}).toBe(false);
  });

  it('may be without tensors and without metadata', () => {
    expect(parseSafetensors(file('{}'), 'empty')).toEqual({ metadata: new Map(), tensors: new Map() });
  });

  it('is VGG19-lite where it is the one in the repository', async () => {
    const { metadata, tensors } = await readSafetensors(bundledWeights('vgg19-lite'));
    expect(metadata.get('network')).toBe('vgg19-lite');
    expect(tensors.size).toBe(26);
    expect(tensors.get('conv5_1.weight')?.shape).toEqual([128, 128, 3, 3]);
    const parameters = [...tensors.values()].reduce((sum, { data }) => sum + data.length, 0);
    expect(parameters).toBe(810_128);
  });
});

describe('a damaged safetensors file is refused', () => {
  const huge = Number.MAX_SAFE_INTEGER;
  const good = JSON.stringify({ 'conv1_1.bias': tensor([2], [0, 8]) });
  const oversized = file(good, 8, 100_000_001n);
  const photograph = readFileSync(join(packageRoot(), 'examples', 'astronaut.jpg'));
  const cases: [description: string, code: WeightsErrorCode, bytes: Uint8Array, message: RegExp, tensor?: string][] = [
    ['no bytes', 'too-short', new Uint8Array(), /0 bytes/],
    ['seven bytes', 'too-short', new Uint8Array(7), /7 bytes/],
    ['a header of no bytes', 'bad-header-length', new Uint8Array(8), /empty/],
    ['a header longer than the file', 'bad-header-length', file(good, 0, 9999n), /9999 bytes where \d+ are left/],
    ['a header of over 100 MB', 'bad-header-length', oversized, /100000001 bytes/],
    ['a header of 2⁶⁴ − 1 bytes', 'bad-header-length', file(good, 8, 2n ** 64n - 1n), /18446744073709551615 bytes/],
    ['a header cut off', 'bad-header', file(good, 8, BigInt(good.length - 1)), /not JSON/],
    [
      'a web page',
      'not-weights',
      new TextEncoder().encode('<!DOCTYPE html><html>404</html>'),
      /this is no file of weights/,
    ],
    ['a photograph', 'not-weights', photograph, /this is no file of weights/],
    ['a header that is not UTF-8', 'bad-header', file(Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x7d)), /not UTF-8/],
    ['a byte order mark', 'bad-header', file('\uFEFF{}'), /does not begin with/],
    ['a header that is not JSON', 'bad-header', file('{"a": oops}'), /not JSON/],
    ['a list as header', 'bad-header', file('[1, 2]'), /does not begin with/],
    ['null as header', 'bad-header', file('null'), /does not begin with/],
    ['space in front of the header', 'bad-header', file(' {}'), /does not begin with/],
    ['a very deep header', 'bad-header', file(`{"a":${'['.repeat(100_000)}`), /not JSON/],
    ['metadata that are no object', 'bad-metadata', file({ __metadata__: 'vgg19' }), /"vgg19", not an object/],
    ['metadata that are a list', 'bad-metadata', file({ __metadata__: ['vgg19'] }), /not an object/],
    ['metadata that are no strings', 'bad-metadata', file({ __metadata__: { network: 19 } }), /19 under "network"/],
    ['a tensor that is a number', 'bad-header', file({ a: 3 }), /described by 3/, 'a'],
    ['a tensor that is null', 'bad-header', file({ a: null }), /described by null/, 'a'],
    [
      'bfloat16',
      'unsupported-type',
      file({ a: tensor([1], [0, 2], 'BF16') }, 2),
      /"BF16", supported are F32 and F16/,
      'a',
    ],
    ['an unknown type', 'unsupported-type', file({ a: tensor([1], [0, 4], 'constructor') }, 4), /"constructor"/, 'a'],
    ['no type', 'unsupported-type', file({ a: { shape: [1], data_offsets: [0, 4] } }, 4), /dtype is missing/, 'a'],
    ['a type that is no string', 'unsupported-type', file({ a: tensor([1], [0, 4], ['F32']) }, 4), /\["F32"\]/, 'a'],
    ['no shape', 'bad-shape', file({ a: { dtype: 'F32', data_offsets: [0, 4] } }, 4), /shape is missing/, 'a'],
    ['a shape that is a number', 'bad-shape', file({ a: tensor(1, [0, 4]) }, 4), /shape is 1/, 'a'],
    ['a negative length', 'bad-shape', file({ a: tensor([-1, -1], [0, 4]) }, 4), /\[-1,-1\]/, 'a'],
    ['half a length', 'bad-shape', file({ a: tensor([0.5, 2], [0, 4]) }, 4), /\[0.5,2\]/, 'a'],
    ['a length as text', 'bad-shape', file({ a: tensor(['1'], [0, 4]) }, 4), /\["1"\]/, 'a'],
    [
      'a length past 2⁵³',
      'bad-shape',
      file('{"a":{"dtype":"F32","shape":[1e300],"data_offsets":[0,4]}}', 4),
      /1e\+300/,
      'a',
    ],
    ['a shape whose product overflows', 'bad-shape', file({ a: tensor([huge, huge], [0, 4]) }, 4), /too large/, 'a'],
    ['a shape whose bytes overflow', 'bad-shape', file({ a: tensor([huge], [0, 4]) }, 4), /too large/, 'a'],
    ['no offsets', 'bad-offsets', file({ a: { dtype: 'F32', shape: [1] } }, 4), /data_offsets is missing/, 'a'],
    ['one offset', 'bad-offsets', file({ a: tensor([1], [0]) }, 4), /not two whole numbers/, 'a'],
    ['three offsets', 'bad-offsets', file({ a: tensor([1], [0, 4, 8]) }, 4), /not two whole numbers/, 'a'],
    ['a negative offset', 'bad-offsets', file({ a: tensor([1], [-4, 0]) }, 4), /not two whole numbers/, 'a'],
    ['half an offset', 'bad-offsets', file({ a: tensor([1], [0.5, 4.5]) }, 4), /not two whole numbers/, 'a'],
    ['offsets the wrong way round', 'bad-offsets', file({ a: tensor([1], [4, 0]) }, 4), /end before they begin/, 'a'],
    ['data cut off', 'bad-offsets', file(good, 7), /past the 7 bytes of data/, 'conv1_1.bias'],
    [
      'offsets that hold too little',
      'bad-offsets',
      file({ a: tensor([2], [0, 4]) }, 4),
      /4 bytes, but .* takes 8/,
      'a',
    ],
    ['offsets that hold too much', 'bad-offsets', file({ a: tensor([1], [0, 8]) }, 8), /8 bytes, but .* takes 4/, 'a'],
    ['offsets of another type', 'bad-offsets', file({ a: tensor([2], [0, 8], 'F16') }, 8), /takes 4/, 'a'],
    ['two tensors in one place', 'overlap', file({ a: tensor([1], [0, 4]), b: tensor([1], [0, 4]) }, 4), /inside/, 'b'],
    [
      'tensors that overlap',
      'overlap',
      file({ a: tensor([2], [0, 8]), b: tensor([2], [4, 12]) }, 12),
      /ends at 8/,
      'b',
    ],
    [
      'an empty tensor inside of another',
      'overlap',
      file({ a: tensor([2], [0, 8]), b: tensor([0], [4, 4]) }, 8),
      /inside/,
      'b',
    ],
    ['a hole at the beginning', 'hole', file({ a: tensor([1], [4, 8]) }, 8), /ends at 0/, 'a'],
    ['a hole in between', 'hole', file({ a: tensor([1], [0, 4]), b: tensor([1], [8, 12]) }, 12), /ends at 4/, 'b'],
    ['bytes at the end', 'hole', file({ a: tensor([1], [0, 4]) }, 9), /5 bytes at its end/],
    ['data without a tensor', 'hole', file('{}', 4), /4 bytes at its end/],
  ];

  it.each(cases)('for %s: %s', (_description, code, bytes, message, name) => {
    const error = failureOf(() => parseSafetensors(bytes, 'weights/broken.safetensors'));
    expect(error.code).toBe(code);
    expect(error.context.file).toBe('weights/broken.safetensors');
    expect(error.context.tensor).toBe(name);
    expect(error.message).toMatch(message);
    expect(error.message).toContain('weights/broken.safetensors');
    if (name !== undefined) expect(error.message).toContain(`tensor "${name}"`);
    expect(error.message).toMatch(
      /\. (The file is damaged or was cut off: fetch it again|Convert the file .*|Give a safetensors file.*)\.$/,
    );
    expect(error.message.length).toBeLessThan(400);
  });

  it('wherever VGG19-lite is cut off', async () => {
    const { metadata, tensors } = await readSafetensors(bundledWeights('vgg19-lite'));
    const bytes = serializeSafetensors(tensors, metadata);
    for (const kept of [0, 5, 8, 100, 2000, 3000, bytes.length >> 1, bytes.length - 1]) {
      expect(() => parseSafetensors(bytes.subarray(0, kept), 'cut'), `${kept} bytes`).toThrow(
        expect.objectContaining({ domain: 'weights' }),
      );
    }
  });

  it('with nothing worse than an error of weights, whichever byte of the header is wrong', () => {
    const header = JSON.stringify({
      __metadata__: { network: 'vgg19' },
      a: tensor([2], [0, 8]),
      b: tensor([1], [8, 12]),
    });
    for (let position = 0; position < 8 + header.length; position += 1) {
      for (const wrong of [0x00, 0x22, 0x2c, 0x2d, 0x30, 0x39, 0x5b, 0x7d, 0xff]) {
        const bytes = file(header, 12);
        bytes[position] = wrong;
        try {
          for (const { shape, data } of parseSafetensors(bytes, 'flipped').tensors.values()) {
            expect(data.length).toBe(shape.reduce((product, length) => product * length, 1));
          }
        } catch (error) {
          expect(isCoded(error, 'weights'), String(error)).toBe(true);
        }
      }
    }
  });
});

describe('a safetensors file on the disk', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'whitewalker-safetensors-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('is read', async () => {
    const path = join(folder, 'good.safetensors');
    await writeFile(path, serializeSafetensors(new Map([['a', { shape: [2], data: Float32Array.of(1, 2) }]])));
    expect((await readSafetensors(path)).tensors.get('a')).toEqual({ shape: [2], data: Float32Array.of(1, 2) });
  });

  it('is asked for in plain words where it is missing', async () => {
    const path = join(folder, 'vgg19.safetensors');
    const reading = readSafetensors(path);
    await expect(reading).rejects.toMatchObject({ domain: 'weights', code: 'missing', context: { file: path } });
    await expect(reading).rejects.toThrow(
      `${path}: there is no such file. Check the path, or fetch the weights first.`,
    );
  });

  it('cannot be a folder', async () => {
    const reading = readSafetensors(folder);
    await expect(reading).rejects.toMatchObject({ domain: 'weights', code: 'unreadable', context: { file: folder } });
  });
});
