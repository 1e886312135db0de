import type { Network } from './network.js';

/*
 * A network wants scale · colour + offset, and its colours in an order of its own. Scale and order go into the first
 * kernel, so that only an addition is left to do per pixel: scale · colour + offset = scale · (colour + offset /
 * scale). The offset cannot go into the bias: at the border the zero padding is zero after the offset, not before it.
 */

/** Returns the offsets that are added to red, green and blue before the first convolution. */
export function inputOffsets({ inputChannels }: Pick<Network, 'inputChannels'>): readonly number[] {
  const offsets = [0, 0, 0];
  for (const { color, scale, offset } of inputChannels) offsets[color] = offset / scale;
  return offsets;
}

/** Returns the first kernel, OIHW, with its input channels scaled and in the order red, green, blue. */
export function kernelForRgb({ inputChannels, convolutions }: Network): Float32Array {
  const kernel = convolutions[0]?.kernel ?? new Float32Array();
  const rgb = new Float32Array(kernel.length);
  for (let output = 0; output < kernel.length / 27; output++) {
    for (const [input, { color, scale }] of inputChannels.entries()) {
      for (let tap = 0; tap < 9; tap++) {
        rgb[(output * 3 + color) * 9 + tap] = scale * (kernel[(output * 3 + input) * 9 + tap] as number);
      }
    }
  }
  return rgb;
}
