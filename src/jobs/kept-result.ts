import type { ComputeResult } from '../compute/compute.js';
import type { Outcome, ResultFacts } from './job.js';

/** A result as it is stored: the facts that are told, and the files by their names. */
export interface KeptResult {
  readonly facts: ResultFacts;
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** Turns what a computation gave into what is stored of it. */
export function keptResult(result: ComputeResult): KeptResult {
  const { picture, frames, animation, animationLackedMemory, shrunk, failure, outOfTime } = result;
  const { epochs, seconds, aloneSeconds, findings } = result;
  const pictureName = `result.${picture.format}`;
  const animationName = 'transformation.gif';
  const { width, height } = picture;
  return {
    facts: {
      width,
      height,
      picture: pictureName,
      epochs,
      seconds,
      ...(aloneSeconds !== undefined && { aloneSeconds }),
      ...(animation && { animation: animationName }),
      ...(animationLackedMemory && { animationLackedMemory }),
      ...(frames && { frames }),
      ...(shrunk && { shrunk }),
      ...(failure && { cutShort: true }),
      ...(outOfTime !== undefined && { outOfTime }),
      ...(findings && { findings }),
    },
    files: new Map([[pictureName, picture.bytes], ...(animation ? ([[animationName, animation.bytes]] as const) : [])]),
  };
}

/** Returns the names of a result's files; none for another outcome. */
export function resultFileNames(outcome: Outcome | undefined): readonly string[] {
  if (outcome?.kind !== 'result') return [];
  const { picture, animation } = outcome.result;
  return animation === undefined ? [picture] : [picture, animation];
}
