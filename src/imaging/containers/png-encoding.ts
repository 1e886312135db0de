import { type ColorEncoding, encodingByCodes } from '../colors/color-encoding.js';
import { matrixToSrgb, primaries, srgbPrimaries } from '../colors/primaries.js';
import { power } from '../colors/transfer-function.js';

/** Chunks that say what colours are; only those before the pixels count. */
export type ColorChunks = ReadonlyMap<string, Uint8Array>;

/**
 * Returns what the chunks of a PNG say about its colours (PNG, third edition, clause 4.3): cICP goes before iCCP, iCCP
 * before sRGB, and sRGB before gAMA and cHRM. A chunk with values that mean nothing is passed over, as in browsers.
 * @returns undefined where an ICC profile decides, or sRGB.
 */
export function pngEncoding(chunks: ColorChunks): ColorEncoding | undefined {
  const hasProfileOrSrgb = chunks.has('iCCP') || chunks.has('sRGB');
  return ofCodePoints(chunks.get('cICP')) ?? (hasProfileOrSrgb ? undefined : ofGamma(chunks));
}

function ofCodePoints(data: Uint8Array | undefined): ColorEncoding | undefined {
  if (data === undefined) return undefined;
  const [primariesCode = 0, transferCode = 0, matrix, fullRange] = data;
  // A PNG holds RGB of the full range; others are not shown anywhere.
  return matrix === 0 && fullRange === 1 ? encodingByCodes(primariesCode, transferCode) : undefined;
}

/** The gamma that is nearest to the curve of sRGB, and how far one may be from it, as a share, and still mean sRGB. */
const srgbGamma = 1 / 2.2;
const gammaTolerance = 0.05;

function ofGamma(chunks: ColorChunks): ColorEncoding | undefined {
  const gamma = fractions(chunks.get('gAMA'))[0] ?? 0;
  if (gamma === 0) return undefined;
  const [whiteX = 0, whiteY = 0, redX = 0, redY = 0, greenX = 0, greenY = 0, blueX = 0, blueY = 0] = fractions(
    chunks.get('cHRM'),
  );
  const given = primaries([redX, redY], [greenX, greenY], [blueX, blueY], [whiteX, whiteY]);
  const isGiven = chunks.has('cHRM') && matrixToSrgb(given) !== undefined;
  if (!isGiven && Math.abs(gamma / srgbGamma - 1) < gammaTolerance) return undefined;
  return { primaries: isGiven ? given : srgbPrimaries, transfer: power(1 / gamma) };
}

/** Reads 32-bit numbers that count 100 000ths. */
function fractions(data: Uint8Array = new Uint8Array()): readonly number[] {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  return Array.from({ length: Math.floor(data.length / 4) }, (_, index) => view.getUint32(4 * index) / 100_000);
}
