import type { ComputeResult } from '../compute/compute.js';
import type { Outcome, ResultFacts } from './job.js';

/** A result as it is kept: what is told of it, and its files by their names. */
export interface KeptResult {
  readonly facts: ResultFacts;
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** What is to be kept of what a computation gave. */
export function keptResult({ picture, animation, shrunk, epochs, seconds, findings }: ComputeResult): KeptResult {
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
      ...(animation && { animation: animationName }),
      ...(shrunk && { shrunk }),
      ...(findings && { findings }),
    },
    files: new Map([[pictureName, picture.bytes], ...(animation ? ([[animationName, animation.bytes]] as const) : [])]),
  };
}

/** The names of a result's files; none for another outcome. */
export function resultFileNames(outcome: Outcome | undefined): readonly string[] {
  if (outcome?.kind !== 'result') return [];
  const { picture, animation } = outcome.result;
  return animation === undefined ? [picture] : [picture, animation];
}
