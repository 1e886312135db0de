import * as gamut from './primaries.js';
import * as transfer from './transfer-function.js';

/** What the numbers of a picture mean as colours, where its file says so other than by an ICC profile. */
export interface ColorEncoding {
  readonly primaries: gamut.Primaries;
  readonly transfer: transfer.TransferFunction;
}

/** The code points of ITU-T H.273 for primaries. Code point 2 says that nothing is said; those missing are reserved. */
const primariesByCode: Readonly<Record<number, gamut.Primaries>> = {
  1: gamut.srgbPrimaries,
  4: gamut.ntsc1953,
  5: gamut.pal,
  6: gamut.smpteC,
  7: gamut.smpteC,
  8: gamut.film,
  9: gamut.bt2020,
  10: gamut.xyz,
  11: gamut.dciP3,
  12: gamut.displayP3,
  22: gamut.ebu3213,
};

/** Those for transfer functions. The logarithmic ones (9, 10) and BT.1361 (12) are used by nobody; browsers skip them. */
const transfersByCode: Readonly<Record<number, transfer.TransferFunction>> = {
  1: transfer.bt1886,
  4: transfer.power(2.2),
  5: transfer.power(2.8),
  6: transfer.bt1886,
  7: transfer.smpte240,
  8: transfer.linear,
  11: transfer.bt1886,
  13: transfer.srgb,
  14: transfer.bt1886,
  15: transfer.bt1886,
  16: transfer.pq,
  17: transfer.smpte428,
  18: transfer.hlg,
};

/** Returns the encoding that two code points of H.273 stand for; undefined where one of them stands for none. */
export function encodingByCodes(primariesCode: number, transferCode: number): ColorEncoding | undefined {
  const primaries = primariesByCode[primariesCode];
  const transferFunction = transfersByCode[transferCode];
  return primaries && transferFunction && { primaries, transfer: transferFunction };
}
