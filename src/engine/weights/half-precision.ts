/**
 * All 65,536 half-precision numbers as float32, by their bits. IEEE 754 binary16: 1 bit sign, 5 bits exponent (bias
 * 15), 10 bits fraction. Float32, with 8 bits exponent (bias 127) and 23 bits fraction, represents each of them exactly.
 * The table is made when the first F16 tensor is read.
 */
let table: Float32Array | undefined;

function widened(): Float32Array {
  if (table) return table;
  table = new Float32Array(1 << 16);
  const patterns = new Uint32Array(table.buffer);
  for (let bits = 0; bits < table.length; bits += 1) {
    const sign = bits >> 15;
    const exponent = (bits >> 10) & 0x1f;
    const fraction = bits & 0x3ff;
    if (exponent === 0) table[bits] = (sign ? -1 : 1) * fraction * 2 ** -24;
    else patterns[bits] = (sign << 31) | ((exponent === 0x1f ? 0xff : exponent + 112) << 23) | (fraction << 13);
  }
  return table;
}

/**
 * Converts half-precision numbers (F16, little-endian) to float32. Subnormals, both zeros, infinities and NaN are kept.
 * @param bytes - two bytes for each number, at any alignment.
 */
export function widenHalfPrecision(bytes: Uint8Array): Float32Array {
  const numbers = widened();
  const result = new Float32Array(bytes.length >> 1);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let index = 0; index < result.length; index += 1) {
    result[index] = numbers[view.getUint16(index * 2, true)] ?? Number.NaN;
  }
  return result;
}
