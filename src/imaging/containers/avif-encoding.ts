import { type ColorEncoding, encodingByCodes } from '../colors/color-encoding.js';
import { boxAt, type IsoBox, isoBoxes } from './iso-boxes.js';

/**
 * Returns what the colours of an AVIF's still mean, as code points of its primary item say (ISO/IEC 23008-12: boxes colr
 * of the type nclx).
 * @returns undefined where an ICC profile decides, or sRGB.
 */
export function avifEncoding(bytes: Uint8Array): ColorEncoding | undefined {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const primary = boxAt(bytes, ['meta', 'pitm']);
  const associations = boxAt(bytes, ['meta', 'iprp', 'ipma']);
  const container = boxAt(bytes, ['meta', 'iprp', 'ipco']);
  if (primary === undefined || associations === undefined || container === undefined) return undefined;
  try {
    const properties = [...isoBoxes(bytes, container.start, container.end)];
    const item =
      file[primary.start] === 0 ? file.readUInt16BE(primary.start + 4) : file.readUInt32BE(primary.start + 4);
    const colors = propertiesOf(item, file, associations)
      .flatMap((index) => properties[index - 1] ?? [])
      .filter(({ type }) => type === 'colr');
    const isProfile = (box: IsoBox) => /^(prof|rICC)$/.test(file.toString('latin1', box.start, box.start + 4));
    const [codes] = colors;
    if (codes === undefined || colors.some(isProfile)) return undefined;
    return encodingByCodes(file.readUInt16BE(codes.start + 4), asShown(file.readUInt16BE(codes.start + 6)));
  } catch (error) {
    // A box that ends too soon says nothing; whether the picture is damaged is for the decoder to say.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Reads which properties an item has, as indices that count from 1. */
function propertiesOf(item: number, file: Buffer, { start, end }: IsoBox): readonly number[] {
  const hasLongItems = (file[start] ?? 0) >= 1;
  const hasLongIndices = ((file[start + 3] ?? 0) & 1) === 1;
  let offset = start + 8;
  while (offset < end) {
    const id = hasLongItems ? file.readUInt32BE(offset) : file.readUInt16BE(offset);
    offset += hasLongItems ? 4 : 2;
    const count = file.readUInt8(offset);
    offset += 1;
    if (id === item) {
      return Array.from({ length: count }, (_, index) =>
        // The highest bit says whether a reader must understand the property.
        hasLongIndices ? file.readUInt16BE(offset + 2 * index) & 0x7fff : file.readUInt8(offset + index) & 0x7f,
      );
    }
    offset += count * (hasLongIndices ? 2 : 1);
  }
  return [];
}

/**
 * Those of BT.709, BT.601 and BT.2020 are written by encoders of films for whatever a camera's pictures are; browsers
 * show stills with them like sRGB.
 */
const filmTransfers = new Set([1, 6, 14, 15]);
const srgbTransfer = 13;

function asShown(transferCode: number): number {
  return filmTransfers.has(transferCode) ? srgbTransfer : transferCode;
}
