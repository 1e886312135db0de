const headerBytes = 8;
const longHeaderBytes = 16;

/** A box of an ISO base media file: what it holds are bytes from `start` to `end` of the file. */
export interface IsoBox {
  readonly type: string;
  readonly start: number;
  /** The end, which lies beyond the file where it is cut off. */
  readonly end: number;
}

/**
 * Goes through the boxes that lie side by side in a part of an ISO base media file (ISO/IEC 14496-12, clause 4.2), as
 * far as there are whole headers.
 */
export function* isoBoxes(bytes: Uint8Array, from = 0, to = bytes.length): Generator<IsoBox> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let offset = from;
  while (offset + headerBytes <= to) {
    const length = view.getUint32(offset);
    const type = String.fromCharCode(...bytes.subarray(offset + 4, offset + 8));
    if (length === 1) {
      // The length one means that the real length is in the eight bytes behind the type.
      if (offset + longHeaderBytes > to) return;
      const end = offset + Math.max(longHeaderBytes, Number(view.getBigUint64(offset + 8)));
      yield { type, start: offset + longHeaderBytes, end };
      offset = end;
    } else {
      // The length zero means that the box goes on to the end.
      const end = length === 0 ? to : offset + Math.max(headerBytes, length);
      yield { type, start: offset + headerBytes, end };
      offset = end;
    }
  }
}

/** Finds a box by the types of those around it: `['moov', 'trak']`. Full boxes have four bytes before the boxes in them. */
export function boxAt(bytes: Uint8Array, path: readonly string[], within?: IsoBox): IsoBox | undefined {
  const [type, ...deeper] = path;
  if (type === undefined) return within;
  const from = within === undefined ? 0 : within.start + (within.type === 'meta' ? 4 : 0);
  for (const box of isoBoxes(bytes, from, within?.end)) {
    if (box.type === type && box.end <= bytes.length) return boxAt(bytes, deeper, box);
  }
  return undefined;
}
