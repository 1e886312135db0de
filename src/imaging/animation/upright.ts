import type { Sharp } from 'sharp';

/** Puts a picture upright that lies as its EXIF orientation says, from 1 to 8. */
export function upright(picture: Sharp, orientation: number): Sharp {
  // sharp mirrors before it turns.
  const [mirror, angle] = (
    [
      [undefined, 0],
      ['flop', 0],
      [undefined, 180],
      ['flip', 0],
      ['flip', 90],
      [undefined, 90],
      ['flop', 90],
      [undefined, 270],
    ] as const
  )[orientation - 1] ?? [undefined, 0];
  const mirrored = mirror === undefined ? picture : picture[mirror]();
  return angle === 0 ? mirrored : mirrored.rotate(angle);
}
