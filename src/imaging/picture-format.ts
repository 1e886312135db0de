import { imageError } from './image-error.js';

/** The formats that are decoded. */
export type PictureFormat = 'jpeg' | 'png' | 'webp' | 'gif' | 'avif' | 'tiff';

/** The formats that are decoded, as a person reads them. */
export const acceptedFormats = 'JPEG, PNG, WebP, GIF, AVIF or TIFF';

/** What the first bytes of a file show: a format that is decoded, the name of something else, or nothing known. */
type Finding = { readonly format: PictureFormat } | { readonly other: string } | undefined;

/** Bytes of an ISO base media file (ftyp) among which brands are looked for; real files list fewer than ten brands. */
const maxBrandBytes = 256;

/** Bytes of a file that are looked at as text: an XML prologue with a comment and a DOCTYPE fits easily. */
const maxTextBytes = 4096;

const signatures: ReadonlyArray<readonly [offset: number, bytes: string, finding: Finding]> = [
  [0, '\xff\xd8\xff', { format: 'jpeg' }],
  [0, '\x89PNG\r\n\x1a\n', { format: 'png' }],
  [0, 'GIF87a', { format: 'gif' }],
  [0, 'GIF89a', { format: 'gif' }],
  [0, 'II*\0', { format: 'tiff' }],
  [0, 'MM\0*', { format: 'tiff' }],
  // BigTIFF has 64-bit offsets; it exists for files of more than 4 GiB.
  [0, 'II+\0', { other: 'a BigTIFF' }],
  [0, 'MM\0+', { other: 'a BigTIFF' }],
  [0, '8BPS', { other: 'a Photoshop document' }],
  [0, '\0\0\x01\0', { other: 'an icon (ICO)' }],
  [0, '\0\0\x02\0', { other: 'a cursor (CUR)' }],
  [0, 'icns', { other: 'an icon (ICNS)' }],
  [0, '\xff\x0a', { other: 'a JPEG XL picture' }],
  [4, 'JXL ', { other: 'a JPEG XL picture' }],
  [4, 'jP  ', { other: 'a JPEG 2000 picture' }],
  [0, '\xff\x4f\xff\x51', { other: 'a JPEG 2000 picture' }],
  [0, 'v/1\x01', { other: 'an OpenEXR picture' }],
  [0, '#?RADIANCE', { other: 'a Radiance HDR picture' }],
  [0, 'qoif', { other: 'a QOI picture' }],
  [0, 'DDS ', { other: 'a DirectDraw texture' }],
  [0, 'gimp xcf', { other: 'a GIMP document' }],
  [0, 'PK\x03\x04', { other: 'a ZIP archive or an Office document' }],
  [0, 'PK\x05\x06', { other: 'a ZIP archive' }],
  [0, 'Rar!\x1a\x07', { other: 'a RAR archive' }],
  [0, "7z\xbc\xaf'\x1c", { other: 'a 7-Zip archive' }],
  [0, '\x1f\x8b', { other: 'a gzip archive' }],
  [0, '\x1aE\xdf\xa3', { other: 'a WebM or Matroska video' }],
  [0, 'OggS', { other: 'an Ogg recording' }],
  [0, 'ID3', { other: 'an MP3 recording' }],
  [0, 'fLaC', { other: 'a FLAC recording' }],
  [8, 'WAVE', { other: 'a WAV recording' }],
  [8, 'AVI ', { other: 'an AVI video' }],
  [0, '\x7fELF', { other: 'a program' }],
  [0, 'MZ', { other: 'a program' }],
  [0, 'SQLite format 3', { other: 'a database' }],
];

/**
 * Tells the format of a picture by its bytes; names and declared types are never asked.
 * @throws `image/empty` for no bytes; `image/unsupported-format` for a file that is known but not decoded, with
 *   `context.found` naming it; `image/not-an-image` for everything else.
 */
export function sniffFormat(bytes: Uint8Array): PictureFormat {
  if (bytes.length === 0) {
    throw imageError('empty', 'This file is empty; please take another one.');
  }
  const finding = bySignature(bytes) ?? byBrand(bytes) ?? byBitmapHeader(bytes) ?? byText(bytes);
  if (finding === undefined) {
    throw imageError('not-an-image', `This file is not a picture; please send a ${acceptedFormats}.`, {
      accepted: acceptedFormats,
    });
  }
  if ('other' in finding) {
    throw imageError(
      'unsupported-format',
      `This file is ${finding.other}, which cannot be used here; please send the picture as ${acceptedFormats}.`,
      { found: finding.other, accepted: acceptedFormats },
    );
  }
  return finding.format;
}

function latin1(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1', start, end);
}

function bySignature(bytes: Uint8Array): Finding {
  const head = latin1(bytes, 0, 16);
  if (head.startsWith('RIFF') && head.startsWith('WEBP', 8)) return { format: 'webp' };
  return signatures.find(([offset, signature]) => head.startsWith(signature, offset))?.[2];
}

/** Tells pictures from films by their brands, since all ISO base media files share one signature. */
function byBrand(bytes: Uint8Array): Finding {
  if (latin1(bytes, 4, 8) !== 'ftyp') return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = Math.min(view.getUint32(0), bytes.length, maxBrandBytes);
  const brands = [latin1(bytes, 8, 12)];
  // Bytes 12 to 16 are the minor version.
  for (let offset = 16; offset + 4 <= end; offset += 4) brands.push(latin1(bytes, offset, offset + 4));
  if (brands.includes('avif') || brands.includes('avis')) return { format: 'avif' };
  if (brands.some((brand) => /^(he[iv][cmsx]|mif1|msf1)$/.test(brand))) return { other: 'an HEIC picture' };
  if (brands.includes('crx ')) return { other: 'a raw photograph' };
  return { other: 'an MP4 or QuickTime video' };
}

/** Recognises a BMP: "BM" alone would also begin a text, so the fields behind it have to make sense as well. */
function byBitmapHeader(bytes: Uint8Array): Finding {
  if (bytes.length < 18 || latin1(bytes, 0, 2) !== 'BM') return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerSize = view.getUint32(14, true);
  return view.getUint32(6, true) === 0 && headerSize >= 12 && headerSize <= 256
    ? { other: 'a BMP picture' }
    : undefined;
}

function byText(bytes: Uint8Array): Finding {
  // Zero bytes are left out, so that UTF-16 of either byte order is read as well, and so are byte order marks.
  const text = latin1(bytes, 0, maxTextBytes)
    .replace(/^(\xef\xbb\xbf|\xff\xfe|\xfe\xff)/, '')
    .replaceAll('\0', '')
    .trimStart();
  if (text.includes('%PDF-') && text.indexOf('%PDF-') < 1024) return { other: 'a PDF document' };
  if (/^P[1-7]\s/.test(text)) return { other: 'a Netpbm picture' };
  if (!text.startsWith('<')) return undefined;
  // A web page may well have a drawing in it, so web pages are looked for first.
  if (/<(!doctype\s+html|html)[\s>]/i.test(text)) return { other: 'a web page' };
  if (/<svg[\s>:]/i.test(text)) return { other: 'an SVG drawing' };
  if (/<(head|body|script|title|meta|div|p)[\s>]/i.test(text)) return { other: 'a web page' };
  return /^<\?xml/i.test(text) ? { other: 'an XML document' } : undefined;
}
