const signatureBytes = 8;
/** Bytes of a chunk besides its data: length, type and check sum. */
const overheadBytes = 12;

/** A chunk of a PNG, as it stands in the file. A file can have millions, so each holds little. */
export class PngChunk {
  readonly type: string;
  readonly #file: Uint8Array;
  readonly #start: number;
  readonly #end: number;

  constructor(type: string, file: Uint8Array, start: number, end: number) {
    this.type = type;
    this.#file = file;
    this.#start = start;
    this.#end = end;
  }

  /** Where it begins in the file. */
  get start(): number {
    return this.#start;
  }

  /** Where it ends, which lies beyond the file where it is cut off. */
  get end(): number {
    return this.#end;
  }

  /** All of its bytes: length, type, data and check sum; fewer where the file is cut off. */
  get bytes(): Uint8Array {
    return this.#file.subarray(this.#start, this.#end);
  }

  get data(): Uint8Array {
    return this.#file.subarray(this.#start + 8, this.#end - 4);
  }
}

/** The signature that a PNG begins with. */
export function pngSignature(file: Uint8Array): Uint8Array {
  return file.subarray(0, signatureBytes);
}

/**
 * Goes through the chunks of a PNG (ISO/IEC 15948, clause 5): length, type, data and check sum, up to IEND.
 * @param from - the chunk to begin at: its offset in the file.
 */
export function* pngChunks(file: Uint8Array, from = signatureBytes): Generator<PngChunk> {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  let offset = from;
  let type = '';
  while (offset + 8 <= file.length && type !== 'IEND') {
    const end = offset + overheadBytes + view.getUint32(offset);
    type = String.fromCharCode(...file.subarray(offset + 4, offset + 8));
    yield new PngChunk(type, file, offset, end);
    offset = end;
  }
}

/** Makes a chunk. */
export function pngChunk(type: string, data: Uint8Array): Uint8Array {
  const chunk = Buffer.alloc(overheadBytes + data.length);
  chunk.writeUInt32BE(data.length);
  chunk.write(type, 4, 'latin1');
  chunk.set(data, 8);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 8 + data.length)), 8 + data.length);
  return chunk;
}

const crcOfByte = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});

/** Computes the check sum of a chunk; Node.js has had one of its own since 20.15 only. */
function crc32(bytes: Uint8Array): number {
  let crc = ~0;
  for (const byte of bytes) crc = (crc >>> 8) ^ (crcOfByte[(crc ^ byte) & 0xff] ?? 0);
  return ~crc >>> 0;
}
