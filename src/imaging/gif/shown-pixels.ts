/**
 * A pixel stays as the frame before shows it if that is up to this distance in RGB (of 255 steps a channel) from what
 * it should be. This is invisible in motion, and saves about a tenth of the file.
 */
const unchangedDistance = 6;

/**
 * Marks the pixels that stay as they are shown: within the tolerance, or no worse than the palette could show them.
 * @param isShown - 1 for each pixel that shows anything; by default, all of them do.
 */
export function leaveUnchanged(
  picture: Uint8Array,
  shown: Uint8Array,
  palette: Uint8Array,
  indices: Uint8Array,
  unchanged: number,
  isShown?: Uint8Array,
): void {
  for (let pixel = 0; pixel < indices.length; pixel++) {
    if (indices[pixel] === unchanged || isShown?.[pixel] === 0) continue;
    const offset = 3 * pixel;
    const asShown = squaredDistance(picture, offset, shown, offset);
    const asQuantised = squaredDistance(picture, offset, palette, 3 * (indices[pixel] as number));
    if (asShown <= Math.max(unchangedDistance ** 2, asQuantised)) indices[pixel] = unchanged;
  }
}

function squaredDistance(a: Uint8Array, offsetA: number, b: Uint8Array, offsetB: number): number {
  const red = (a[offsetA] as number) - (b[offsetB] as number);
  const green = (a[offsetA + 1] as number) - (b[offsetB + 1] as number);
  const blue = (a[offsetA + 2] as number) - (b[offsetB + 2] as number);
  return red * red + green * green + blue * blue;
}

/** Adds a frame to `shown`, the picture that a viewer sees. */
export function show(shown: Uint8Array, palette: Uint8Array, indices: Uint8Array, unchanged: number): void {
  for (let pixel = 0; pixel < indices.length; pixel++) {
    const index = indices[pixel] as number;
    if (index === unchanged) continue;
    shown[3 * pixel] = palette[3 * index] as number;
    shown[3 * pixel + 1] = palette[3 * index + 1] as number;
    shown[3 * pixel + 2] = palette[3 * index + 2] as number;
  }
}
