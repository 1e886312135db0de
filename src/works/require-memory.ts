import { isCoded } from '../coded-error.js';
import type { Engine } from '../engine/engine.js';
import { engineError } from '../engine/engine-error.js';
import { isNetworkName, networkTitles } from '../engine/topology.js';
import { largestSide, type Painted, transferMemory } from '../transfer/transfer-memory.js';

/** Engines that compute in a memory of their own, of which nothing is known before. */
const ownMemory = ['webgpu', 'onnx-cuda'];

/**
 * Checks before anything is painted whether there is memory for a picture, in the smallest pieces if need be.
 * @param size - width and height of the picture, in pixels.
 * @param memoryBytes - the memory that the process may take; undefined: as much as it wants.
 * @param what - of the picture is painted, and whether it is a frame. Default: all of a still.
 * @throws `engine/out-of-memory` with the longer side that there is memory for as `largest`.
 */
export function requireMemory(
  { name, network }: Engine,
  size: { readonly width: number; readonly height: number },
  memoryBytes: number | undefined,
  what: Painted = {},
): void {
  if (memoryBytes === undefined || ownMemory.includes(name) || !isNetworkName(network.name)) return;
  const { least } = transferMemory(network.name, size, what);
  if (least <= memoryBytes) return;
  const largest = largestSide(network.name, size, memoryBytes, what);
  const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;
  const remedy =
    largest > 0 ? `Take at most ${largest} pixels, or set MEMORY_MB.` : 'Give the process more, or set MEMORY_MB.';
  throw engineError(
    'out-of-memory',
    `A picture of ${size.width}×${size.height} takes ${gigabytes(least)} of memory with ${networkTitles[network.name]}, and ` +
      `there are ${gigabytes(memoryBytes)}. ${remedy}`,
    { largest },
  );
}

/** Returns the longer side that there is memory for, where an error tells it. */
export function largestIn(error: unknown): number | undefined {
  if (!isCoded(error, 'engine', 'out-of-memory')) return undefined;
  const { largest } = error.context;
  return typeof largest === 'number' ? largest : undefined;
}
