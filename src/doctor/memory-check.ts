import type { ComputeSlots } from '../compute-slots.js';
import { memoryLimit } from '../engine/memory-limit.js';
import { type NetworkName, networkNames } from '../engine/topology.js';
import { transferBounds } from '../transfer/recipe/transfer-bounds.js';
import { largestSide, transferMemory, usualLayers } from '../transfer/transfer-memory.js';
import type { Qualities } from '../works/quality.js';
import { smallestSize } from '../works/within-memory.js';
import { type Finding, failure, ok, warning } from './finding.js';

/** Settings that decide how much memory there is for a picture, and how much it takes. */
export interface MemorySettings {
  readonly memoryMegabytes: number | undefined;
  readonly slots: ComputeSlots;
  /** Whether pictures are computed on a GPU, in a memory of its own. */
  readonly usesGpu: boolean;
  readonly qualities: Qualities;
}

/** Says how much memory each picture may take, and how large that lets pictures be with the networks that are here. */
export function checkMemoryLimit(
  { memoryMegabytes, slots, usesGpu, qualities }: MemorySettings,
  available: readonly NetworkName[],
): readonly Finding[] {
  const { memoryBytes: bytes, count, shared } = slots;
  const { reason, remedy } = memoryLimit(memoryMegabytes, count);
  const atOnce = shared === undefined ? '' : `, ${count} at once where several wait`;
  const wanted = Math.max(...Object.values(qualities).map(({ size }) => size));
  return networkNames
    .filter((network) => available.includes(network))
    .map((network) => {
      const most = transferBounds.size.max;
      const square = { width: most, height: most };
      // Transfers are what most people ask for: a texture that there is no memory for is made smaller.
      const what = { layers: usualLayers(network) };
      const largest = largestSide(network, square, bytes, what);
      const share = `${(bytes / 1e9).toFixed(1)} GB a picture${atOnce}, for ${reason}`;
      if (largest < smallestSize && !usesGpu) {
        return failure('memory', `${share}: too little for any picture with ${network}.`, remedy);
      }
      let whole = largest;
      while (whole > 0 && transferMemory(network, { width: whole, height: whole }, what).inOnePiece > bytes)
        whole -= 16;
      const sentence =
        `${share}: with ${network} up to ${largest} pixels, ` +
        (whole === largest
          ? 'all in one piece.'
          : `from ${whole} on piece by piece, which takes up to twice the time.`);
      if (largest >= wanted) return ok('memory', sentence);
      return warning('memory', sentence, `${remedy} Or set QUALITY_STANDARD and QUALITY_HIGH to smaller sizes.`);
    });
}
