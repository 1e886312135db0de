import { readBounded } from '../../files/read-bounded.js';
import { widenHalfPrecision } from './half-precision.js';
import { readingError, shorten, type WeightsErrorCode, weightsError } from './weights-error.js';

/**
 * The format safetensors (https://github.com/huggingface/safetensors, "Format"): eight bytes with the header's length
 * (unsigned, little-endian), the header (a JSON object: name → dtype, shape, data_offsets; strings under
 * "__metadata__"), then the tensors' bytes without holes. Files may come from anywhere: the reader trusts nothing.
 */

/** A tensor's values in row-major order. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** The content of a safetensors file. */
export interface Safetensors {
  readonly metadata: ReadonlyMap<string, string>;
  readonly tensors: ReadonlyMap<string, Tensor>;
}

const lengthBytes = 8;
const openingBrace = 0x7b;
/** The longest header that is read, which is the reference implementation's limit. */
const maxHeaderBytes = 100_000_000;
/** The largest file that is read, in bytes. The full networks with their classifiers have a little more than half of it. */
const maxFileBytes = 1024 ** 3;
const metadataKey = '__metadata__';

/** Bytes per value of the types that are read; a Map, since a file's type "constructor" must not find Object's. */
const bytesPerValue: ReadonlyMap<string, number> = new Map([
  ['F32', 4],
  ['F16', 2],
]);

interface Entry {
  readonly name: string;
  readonly type: string;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

/**
 * Reads a safetensors file with F32 and F16 tensors, which are widened to float32.
 * @throws `weights/missing`, `weights/unreadable`, or what {@link parseSafetensors} throws.
 */
export async function readSafetensors(path: string, isWanted?: (name: string) => boolean): Promise<Safetensors> {
  let file: Uint8Array | undefined;
  try {
    file = await readBounded(path, maxFileBytes);
  } catch (cause) {
    throw readingError(path, cause, 'Check the path, or fetch the weights first.');
  }
  if (file === undefined) {
    const problem = `it is larger than ${maxFileBytes / 1024 ** 3} GiB, which no network here is`;
    throw weightsError({ code: 'not-weights', file: path, problem, remedy: 'Give a file of weights.' });
  }
  const bytes = new Uint8Array(file.buffer, file.byteOffset, file.byteLength);
  return parseSafetensors(bytes, path, isWanted);
}

/**
 * Parses a safetensors file with F32 and F16 tensors, which are widened to float32. The tensors are copies of `bytes`.
 * @param fileName - the file's name in errors.
 * @param isWanted - tells by its name whether a tensor is read. Default: all are.
 * @throws `weights/…` that names the file, the tensor where there is one, and the fault.
 */
export function parseSafetensors(
  bytes: Uint8Array,
  fileName: string,
  isWanted: (name: string) => boolean = () => true,
): Safetensors {
  const headerBytes = headerLength(bytes, fileName);
  const header = parseHeader(bytes.subarray(lengthBytes, lengthBytes + headerBytes), fileName);
  const data = bytes.subarray(lengthBytes + headerBytes);
  const entries: Entry[] = [];
  let metadata: ReadonlyMap<string, string> = new Map();
  for (const [name, value] of Object.entries(header)) {
    if (name === metadataKey) metadata = parseMetadata(value, fileName);
    else entries.push(parseEntry(name, value, data.length, fileName));
  }
  checkLayout(entries, data.length, fileName);
  const wanted = entries.filter(({ name }) => isWanted(name));
  const tensors = new Map(wanted.map((entry) => [entry.name, tensorOf(entry, data)]));
  return { metadata, tensors };
}

function headerLength(bytes: Uint8Array, file: string): number {
  if (bytes.length < lengthBytes) {
    throw weightsError({
      code: 'too-short',
      file,
      problem: `${bytes.length} bytes are too few for a safetensors file`,
    });
  }
  const length = new DataView(bytes.buffer, bytes.byteOffset, lengthBytes).getBigUint64(0, true);
  const room = bytes.length - lengthBytes;
  const problem =
    length === 0n
      ? 'its header is empty'
      : length > BigInt(maxHeaderBytes)
        ? `its header claims ${length} bytes, more than the ${maxHeaderBytes} allowed`
        : length > BigInt(room)
          ? `its header claims ${length} bytes where ${room} are left`
          : undefined;
  if (problem === undefined) return Number(length);
  // The header would begin with a brace. Where there is none, these are bytes of something else, and no length.
  if (room > 0 && bytes[lengthBytes] !== openingBrace) {
    throw weightsError({
      code: 'not-weights',
      file,
      problem: 'this is no file of weights',
      remedy: "Give a safetensors file; `npx whitewalker weights import` takes Keras' HDF5 files, too.",
    });
  }
  throw weightsError({ code: 'bad-header-length', file, problem });
}

function parseHeader(bytes: Uint8Array, file: string): object {
  const bad = (problem: string, cause?: unknown) => weightsError({ code: 'bad-header', file, problem, cause });
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw bad('its header is not UTF-8 text', cause);
  }
  // The format demands that the header begins with the brace, so that a file of another kind is found out at once.
  if (!text.startsWith('{')) throw bad('its header does not begin with "{"; is it a safetensors file?');
  let header: unknown;
  try {
    header = JSON.parse(text);
  } catch (cause) {
    throw bad('its header is not JSON', cause);
  }
  if (!isObject(header)) throw bad('its header is not a JSON object');
  return header;
}

function parseMetadata(value: unknown, file: string): ReadonlyMap<string, string> {
  const bad = (problem: string) => weightsError({ code: 'bad-metadata', file, problem });
  if (!isObject(value)) throw bad(`${metadataKey} is ${describe(value)}, not an object of strings`);
  const metadata = new Map<string, string>();
  for (const [key, text] of Object.entries(value)) {
    if (typeof text !== 'string')
      throw bad(`${metadataKey} has ${describe(text)} under "${shorten(key)}", not a string`);
    metadata.set(key, text);
  }
  return metadata;
}

function parseEntry(name: string, value: unknown, dataBytes: number, file: string): Entry {
  const bad = (code: WeightsErrorCode, problem: string, remedy?: string) =>
    weightsError({ code, file, tensor: name, problem, ...(remedy === undefined ? {} : { remedy }) });
  if (!isObject(value)) throw bad('bad-header', `is described by ${describe(value)}, not by an object`);
  const {
    dtype: type,
    shape,
    data_offsets: offsets,
  }: { dtype?: unknown; shape?: unknown; data_offsets?: unknown } = value;

  const valueBytes = typeof type === 'string' ? bytesPerValue.get(type) : undefined;
  if (typeof type !== 'string' || valueBytes === undefined) {
    const supported = [...bytesPerValue.keys()].join(' and ');
    throw bad(
      'unsupported-type',
      `dtype is ${describe(type)}, supported are ${supported}`,
      `Convert the file to ${supported}, or take another one.`,
    );
  }

  if (!isListOfCounts(shape))
    throw bad('bad-shape', `shape is ${describe(shape)}, not a list of whole numbers from 0 up`);
  const size = shape.reduce((product, length) => product * length, valueBytes);
  if (!Number.isSafeInteger(size)) throw bad('bad-shape', `shape ${describe(shape)} is too large`);

  const [begin, end] = isListOfCounts(offsets) ? offsets : [];
  if (!Array.isArray(offsets) || offsets.length !== 2 || begin === undefined || end === undefined) {
    throw bad('bad-offsets', `data_offsets is ${describe(offsets)}, not two whole numbers from 0 up`);
  }
  if (begin > end) throw bad('bad-offsets', `data_offsets ${describe(offsets)} end before they begin`);
  if (end > dataBytes) {
    throw bad('bad-offsets', `data_offsets ${describe(offsets)} reach past the ${dataBytes} bytes of data in the file`);
  }
  if (end - begin !== size) {
    throw bad(
      'bad-offsets',
      `data_offsets ${describe(offsets)} hold ${end - begin} bytes, but shape ${describe(shape)} of ${type} takes ${size}`,
    );
  }
  return { name, type, shape, begin, end };
}

/** Checks that every byte after the header belongs to exactly one tensor, as the format demands. */
function checkLayout(entries: readonly Entry[], dataBytes: number, file: string): void {
  let position = 0;
  // Of several tensors that begin at the same byte, empty ones are checked first: they take no room.
  for (const { name, begin, end } of entries.toSorted((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin < position) {
      const problem = `begins at byte ${begin} of the data, inside of the tensor before it, which ends at ${position}`;
      throw weightsError({ code: 'overlap', file, tensor: name, problem });
    }
    if (begin > position) {
      const problem = `begins at byte ${begin} of the data, but the tensor before it ends at ${position}`;
      throw weightsError({ code: 'hole', file, tensor: name, problem });
    }
    position = end;
  }
  if (position < dataBytes) {
    const problem = `${dataBytes - position} bytes at its end belong to no tensor`;
    throw weightsError({ code: 'hole', file, problem });
  }
}

function tensorOf({ type, shape, begin, end }: Entry, data: Uint8Array): Tensor {
  if (type === 'F16') return { shape, data: widenHalfPrecision(data.subarray(begin, end)) };
  // The bytes are copied, because a Float32Array can only begin at offsets that are multiples of 4. Both the format and
  // every platform that ONNX Runtime and TensorFlow run on are little-endian.
  const copy = new Float32Array((end - begin) / 4);
  new Uint8Array(copy.buffer).set(data.subarray(begin, end));
  return { shape, data: copy };
}

/**
 * Returns tensors as the bytes of a safetensors file (F32), which {@link parseSafetensors} reads again.
 * @throws RangeError where a shape does not match its data, or a tensor is called "__metadata__".
 */
export function serializeSafetensors(
  tensors: ReadonlyMap<string, Tensor>,
  metadata: ReadonlyMap<string, string> = new Map(),
): Uint8Array {
  const fields: [string, unknown][] = metadata.size > 0 ? [[metadataKey, Object.fromEntries(metadata)]] : [];
  let dataBytes = 0;
  for (const [name, { shape, data }] of tensors) {
    if (name === metadataKey) throw new RangeError(`A tensor cannot be called ${metadataKey}; choose another name.`);
    const size = shape.reduce((product, length) => product * length, 1);
    if (!isListOfCounts(shape) || size !== data.length) {
      throw new RangeError(`Tensor ${name}: shape ${describe(shape)} does not hold ${data.length} values.`);
    }
    fields.push([name, { dtype: 'F32', shape, data_offsets: [dataBytes, dataBytes + data.byteLength] }]);
    dataBytes += data.byteLength;
  }
  const unpadded = new TextEncoder().encode(JSON.stringify(Object.fromEntries(fields)));
  const headerBytes = Math.ceil(unpadded.length / lengthBytes) * lengthBytes;

  const bytes = new Uint8Array(lengthBytes + headerBytes + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerBytes), true);
  bytes.fill(0x20, lengthBytes, lengthBytes + headerBytes);
  bytes.set(unpadded, lengthBytes);
  let position = lengthBytes + headerBytes;
  for (const { data } of tensors.values()) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), position);
    position += data.byteLength;
  }
  return bytes;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isListOfCounts(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0);
}

/** Returns a value of the file as a text that is short enough for a message. */
function describe(value: unknown): string {
  return value === undefined ? 'missing' : shorten(JSON.stringify(value));
}
