/** Planes of a size, one after the other: three of a picture, one of a map. */
interface Planes {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

/** Returns planes of half the width and height, the means of 2×2 values. An odd last row or column is left out. */
export function halved({ width, height, data }: Planes): Planes {
  const [halfWidth, halfHeight] = [width >> 1, height >> 1];
  const planes = data.length / (width * height);
  const half = new Float32Array(planes * halfWidth * halfHeight);
  for (let plane = 0, to = 0; plane < planes; plane++) {
    for (let y = 0; y < halfHeight; y++) {
      let at = (plane * height + 2 * y) * width;
      for (let x = 0; x < halfWidth; x++, at += 2) {
        const upper = (data[at] as number) + (data[at + 1] as number);
        const lower = (data[at + width] as number) + (data[at + width + 1] as number);
        half[to++] = (upper + lower) / 4;
      }
    }
  }
  return { width: halfWidth, height: halfHeight, data: half };
}

/** Adds the gradient with respect to halved planes to that with respect to the planes themselves. */
export function pullBackHalving(half: Planes, { width, height, data }: Planes): void {
  const planes = data.length / (width * height);
  for (let plane = 0, from = 0; plane < planes; plane++) {
    for (let y = 0; y < half.height; y++) {
      let at = (plane * height + 2 * y) * width;
      for (let x = 0; x < half.width; x++, at += 2) {
        const share = (half.data[from++] as number) / 4;
        data[at] = (data[at] as number) + share;
        data[at + 1] = (data[at + 1] as number) + share;
        data[at + width] = (data[at + width] as number) + share;
        data[at + width + 1] = (data[at + width + 1] as number) + share;
      }
    }
  }
}
