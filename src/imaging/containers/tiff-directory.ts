const entryBytes = 12;
const byte = 1;
const short = 3;

/** The values of an entry of a directory, read from the file when they are asked for: there can be millions. */
export interface Values {
  readonly count: number;
  at(index: number): number;
}

const noValues: Values = { count: 0, at: () => 0 };

/** A directory of a TIFF (6.0, section 2): entries of a tag and values, and the offset of the next directory. */
export class TiffDirectory {
  readonly #view: DataView;
  readonly #littleEndian: boolean;
  /** Where the entry of a tag begins. Of several with one tag, decoders read the first. */
  readonly #entries = new Map<number, number>();
  /** Where the offset of the next directory stands. */
  readonly nextOffset: number;

  private constructor(view: DataView, littleEndian: boolean, start: number, nextOffset: number) {
    this.#view = view;
    this.#littleEndian = littleEndian;
    this.nextOffset = nextOffset;
    for (let entry = start + 2; entry < nextOffset; entry += entryBytes) {
      const tag = view.getUint16(entry, littleEndian);
      if (!this.#entries.has(tag)) this.#entries.set(tag, entry);
    }
  }

  /** Reads the first directory of a file; undefined if the file ends before it does. */
  static first(bytes: Uint8Array): TiffDirectory | undefined {
    if (bytes.length < 8) return undefined;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const littleEndian = bytes[0] === 0x49;
    const start = view.getUint32(4, littleEndian);
    if (start + 2 > bytes.length) return undefined;
    const nextOffset = start + 2 + view.getUint16(start, littleEndian) * entryBytes;
    return nextOffset > bytes.length ? undefined : new TiffDirectory(view, littleEndian, start, nextOffset);
  }

  get hasNext(): boolean {
    return this.nextOffset + 4 <= this.#view.byteLength && this.#view.getUint32(this.nextOffset) !== 0;
  }

  /** Returns the values of a tag: none if it is missing, and one that is infinite if they lie outside of the file. */
  values(tag: number): Values {
    const entry = this.#entries.get(tag);
    if (entry === undefined) return noValues;
    const view = this.#view;
    const type = view.getUint16(entry + 2, this.#littleEndian);
    const size = type === byte ? 1 : type === short ? 2 : 4;
    const count = view.getUint32(entry + 4, this.#littleEndian);
    // Up to four bytes of values stand in the entry itself.
    const start = count * size <= 4 ? entry + 8 : view.getUint32(entry + 8, this.#littleEndian);
    if (start + count * size > view.byteLength) return { count: 1, at: () => Number.POSITIVE_INFINITY };
    return { count, at: (index) => this.#number(start + index * size, size) };
  }

  /** Returns the first value of a tag, or what the specification says where the tag is missing. */
  value(tag: number, otherwise: number): number {
    const values = this.values(tag);
    return values.count === 0 ? otherwise : values.at(0);
  }

  #number(offset: number, size: 1 | 2 | 4): number {
    if (size === 1) return this.#view.getUint8(offset);
    return size === 2
      ? this.#view.getUint16(offset, this.#littleEndian)
      : this.#view.getUint32(offset, this.#littleEndian);
  }
}
