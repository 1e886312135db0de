import type { Activations, WeightMap } from '../engine/engine.js';
import type { ComparedPart } from './compared-parts.js';
import { downsamplingOf } from './style-layers.js';
import type { LayerWeights } from './transfer-layers.js';

/**
 * Gives several parts of a picture the share of the style's weight that each has of the content's loss: of the squares Fc²
 * that its errors are relative to, where all of the content is compared at once. Busy parts have more of them than of the
 * area. So a style counts beside its part's content what it would if the part were painted alone.
 *
 * @param layers - the weights of the content's layers.
 * @param activations - the content's; where there are none, parts keep their shares.
 */
export function withSharesOfContent(
  parts: readonly ComparedPart[],
  layers: LayerWeights,
  activations: ReadonlyMap<string, Activations>,
): readonly ComparedPart[] {
  const maps = parts.flatMap(({ map }) => map ?? []);
  if (maps.length < 2) return parts;
  const shares = maps.map(() => 0);
  for (const [layer, weight] of Object.entries(layers)) {
    const target = activations.get(layer);
    const squares = target && squaresOf(target);
    const ofMaps = maps.map((map) => (squares ? mappedSum(squares, map, downsamplingOf(layer)) : 0));
    const whole = sumOf(ofMaps);
    if (whole === 0) continue;
    for (const [index, one] of ofMaps.entries()) shares[index] = (shares[index] ?? 0) + (weight * one) / whole;
  }
  const total = sumOf(shares);
  return parts.map((part, index) => ({ ...part, share: total > 0 ? (shares[index] ?? 0) / total : part.share }));
}

interface Squares {
  readonly width: number;
  readonly height: number;
  /** The sum over channels, for each position. */
  readonly data: Float64Array;
}

function squaresOf({ channels, width, height, data }: Activations): Squares {
  const positions = width * height;
  const squares = new Float64Array(positions);
  for (let channel = 0; channel < channels; channel++) {
    for (let i = 0; i < positions; i++) {
      squares[i] = (squares[i] as number) + (data[channel * positions + i] as number) ** 2;
    }
  }
  return { width, height, data: squares };
}

/** Returns the sum of each position's squares, times what a map has of the pixels that the position covers. */
function mappedSum({ width, height, data }: Squares, map: WeightMap, downsampling: number): number {
  let sum = 0;
  for (let y = 0; y < height * downsampling; y++) {
    const row = Math.floor(y / downsampling) * width;
    for (let x = 0; x < width * downsampling; x++) {
      sum += (map.data[y * map.width + x] as number) * (data[row + Math.floor(x / downsampling)] as number);
    }
  }
  return sum;
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, one) => sum + one, 0);
}
