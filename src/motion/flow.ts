/** Where each pixel of a picture lies in another one: pixel (x, y) is seen there at (x + dx, y + dy), in pixels. */
export interface Flow {
  readonly width: number;
  readonly height: number;
  /** The shifts to the right, row by row. */
  readonly dx: Float32Array;
  /** The shifts downwards, row by row. */
  readonly dy: Float32Array;
}

/** Longer side, in pixels, at which flow is found at most. Larger pictures get it enlarged, so that time is bounded. */
export const largestFlowSide = 320;

/** Returns the flow of a picture in which nothing moves. */
export function noFlow({ width, height }: { readonly width: number; readonly height: number }): Flow {
  return { width, height, dx: new Float32Array(width * height), dy: new Float32Array(width * height) };
}

/** Returns a flow for pictures of another size, bilinearly between its vectors, which grow or shrink with the picture. */
export function resizedFlow(flow: Flow, width: number, height: number): Flow {
  const [across, down] = [flow.width / width, flow.height / height];
  const sized = noFlow({ width, height });
  for (let y = 0; y < height; y++) {
    const sourceY = Math.min(Math.max((y + 0.5) * down - 0.5, 0), flow.height - 1);
    const top = Math.min(Math.floor(sourceY), Math.max(0, flow.height - 2));
    const below = flow.height > 1 ? flow.width : 0;
    const lower = sourceY - top;
    for (let x = 0; x < width; x++) {
      const sourceX = Math.min(Math.max((x + 0.5) * across - 0.5, 0), flow.width - 1);
      const left = Math.min(Math.floor(sourceX), Math.max(0, flow.width - 2));
      const beside = flow.width > 1 ? 1 : 0;
      const right = sourceX - left;
      const from = top * flow.width + left;
      const between = (values: Float32Array) =>
        (1 - lower) * ((1 - right) * (values[from] as number) + right * (values[from + beside] as number)) +
        lower * ((1 - right) * (values[from + below] as number) + right * (values[from + below + beside] as number));
      sized.dx[y * width + x] = between(flow.dx) / across;
      sized.dy[y * width + x] = between(flow.dy) / down;
    }
  }
  return sized;
}
