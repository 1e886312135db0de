import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

let collect: (() => void) | undefined;

/**
 * Frees the memory of what nobody holds any more. Node.js itself does so when its own heap is full, which it is not: pictures,
 * activations and the memories of WebAssembly lie outside of it, and those of a coarser scale may be there until the end.
 */
export function collectGarbage(): void {
  collect ??= exposedCollector();
  collect();
}

function exposedCollector(): () => void {
  // Contexts that are made from then on have the function.
  setFlagsFromString('--expose-gc');
  const found: unknown = runInNewContext('gc');
  return typeof found === 'function' ? () => void found() : () => {};
}
