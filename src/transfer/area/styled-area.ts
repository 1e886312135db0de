import { feathered } from './feather.js';
import { type Mask, resizeMask } from './mask.js';
import { maskError } from './mask-error.js';
import { checkRegion, coverage, type Region } from './region.js';

/**
 * Width of feathered edges by default, as a share of the picture's longer side. Those of a mask are narrow enough to
 * follow a face, and wide enough not to look cut out. A region follows nothing, so that its straight edges would show.
 */
const featherShares = { mask: 0.03, regions: 0.08 } as const;

/** The area to be styled, as people give it: where the mask is white or a region lies. */
export interface StyledArea {
  /** The mask, of any size; it is stretched over the picture. */
  readonly mask?: Mask | undefined;
  readonly regions?: readonly Region[] | undefined;
  /** Width of the edges in pixels, from 0, which leaves them sharp. Default: by {@link featherShares}. */
  readonly feather?: number | undefined;
}

/**
 * Computes the mask of a styled area for a picture of that size, with feathered edges that lie inside of the area.
 *
 * @returns the mask, in the picture's size; undefined where everything is styled.
 * @throws `mask/nothing-styled` for a mask that is black everywhere with no region beside it; `mask/wrong-mask` for
 *   values outside of [0, 1] or too few or many; `mask/wrong-region` for a region that lies outside of the picture.
 */
export function styledArea(
  { mask, regions = [], feather }: StyledArea,
  { width, height }: { readonly width: number; readonly height: number },
): Mask | undefined {
  if (mask === undefined && regions.length === 0) return undefined;
  if (mask) checkMask(mask);
  const data = mask ? resizeMask(mask, width, height).data.slice() : new Float32Array(width * height);
  for (const region of regions) {
    checkRegion(region);
    const covered = coverage(region, width, height);
    for (let i = 0; i < data.length; i++) data[i] = Math.max(data[i] as number, covered[i] as number);
  }
  if (data.every((value) => value === 0)) {
    throw maskError(
      'nothing-styled',
      'The mask is black everywhere, so that nothing would be styled. Paint white where the style is to go, or leave it out.',
    );
  }
  // Values that are below 1 only by rounding are no reason to keep the content.
  if (data.every((value) => value > 1 - 1e-6)) return undefined;
  const share = mask ? featherShares.mask : featherShares.regions;
  const edgeWidth = feather ?? Math.max(1, share * Math.max(width, height));
  return edgeWidth > 0 ? feathered({ width, height, data }, edgeWidth) : { width, height, data };
}

function checkMask({ width, height, data }: Mask): void {
  if (data.length !== width * height || data.length === 0) {
    const message = `A mask of ${width}×${height} has ${width * height} values, but ${data.length} came.`;
    throw maskError('wrong-mask', message, { width, height, values: data.length });
  }
  const position = data.findIndex((value) => !(value >= 0 && value <= 1));
  if (position < 0) return;
  throw maskError(
    'wrong-mask',
    `The mask's value ${position} is ${data[position]}. A mask holds numbers from 0, kept, to 1, styled.`,
    { position },
  );
}
