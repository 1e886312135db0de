/** A rectangle of a canvas, in pixels. */
export interface Rectangle {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Returns the smallest rectangle of a canvas with all pixels that are marked; undefined: none is. */
export function rectangleOf(
  canvas: { readonly width: number; readonly height: number },
  isMarked: (pixel: number) => boolean,
): Rectangle | undefined {
  const { width, height } = canvas;
  let [left, top, right, bottom] = [width, height, -1, -1];
  for (let y = 0, pixel = 0; y < height; y++) {
    for (let x = 0; x < width; x++, pixel++) {
      if (!isMarked(pixel)) continue;
      if (x < left) left = x;
      if (x > right) right = x;
      if (y < top) top = y;
      bottom = y;
    }
  }
  return right < 0 ? undefined : { left, top, width: right + 1 - left, height: bottom + 1 - top };
}

/** Copies a rectangle out of a canvas. @param bytes - how many a pixel has. */
export function cutOut(canvas: Uint8Array, canvasWidth: number, rectangle: Rectangle, bytes: number): Uint8Array {
  const { left, top, width, height } = rectangle;
  const part = new Uint8Array(bytes * width * height);
  for (let y = 0; y < height; y++) {
    const start = bytes * ((top + y) * canvasWidth + left);
    part.set(canvas.subarray(start, start + bytes * width), bytes * y * width);
  }
  return part;
}
