import { isOutOfMemory } from '../engine/engine-error.js';
import type { Shortfall } from '../transfer/coarse-to-fine.js';

/** The size that was asked for and the one that was made: longer sides of a picture, in pixels. */
export interface Shrinkage {
  readonly asked: number;
  readonly made: number;
}

/** What is to be told of a {@link Shortfall}. */
export interface ToldShortfall {
  /** How much smaller the picture is than asked for; undefined if it has the size that was asked for. */
  readonly shrunk: Shrinkage | undefined;
  /** What failed; undefined if nothing did, or if the picture is smaller just because there was not enough memory. */
  readonly failure: Error | undefined;
}

/** Returns what is to be told of a shortfall. */
export function toldShortfall(shortfall: Shortfall | undefined): ToldShortfall {
  if (!shortfall) return { shrunk: undefined, failure: undefined };
  const { asked, made, error } = shortfall;
  const shrunk = made < asked ? { asked, made } : undefined;
  const lacksOnlyMemory = shrunk && isOutOfMemory(error);
  return { shrunk, failure: lacksOnlyMemory ? undefined : error instanceof Error ? error : new Error(String(error)) };
}
