import { parseLayer } from '../topology.js';
import { cut, type PictureSize, type Piece, pixelsOf } from './cut.js';
import { type Shape, through, viewOf } from './evaluation-memory.js';

/** The layer at which pieces are joined: the blocks behind it are computed for the whole picture at once. */
export interface Junction {
  readonly layer: string;
  /** The block whose last ReLU this is. */
  readonly block: number;
}

/** Part of a picture that is to be evaluated at once. */
export interface Portion {
  /** The layers that are looked at. */
  readonly layers: readonly string[];
  readonly pixels: number;
  /** Number of pixels of the whole picture, other things about which are in memory as well. */
  readonly picturePixels: number;
  /** The layer at which pieces are joined; undefined where they are computed to the deepest layer. */
  readonly junction: string | undefined;
}

/** How a picture is evaluated. */
export interface Plan {
  readonly pieces: readonly Piece[];
  readonly junction: Junction | undefined;
}

/**
 * Plans the evaluation of a picture that is to be cut: of all junctions, and of none, the one with the least work among
 * those whose pieces fit; where none of them does, the smallest pieces without a junction.
 */
export function planEvaluation(
  shape: Shape,
  layers: readonly string[],
  size: PictureSize,
  fits: (portion: Portion) => boolean,
): Plan {
  const picturePixels = size.width * size.height;
  const planWith = (junction: Junction | undefined): Plan & { readonly isSmallEnough: boolean } => {
    const view = viewOf(shape, junction ? [junction.layer] : layers);
    const isEnough = (pixels: number) => fits({ layers, pixels, picturePixels, junction: junction?.layer });
    const pieces = cut(size, view, isEnough);
    return { pieces, junction, isSmallEnough: pieces.every(({ whole }) => isEnough(pixelsOf(whole))) };
  };
  const toTheEnd = planWith(undefined);
  if (toTheEnd.pieces.length === 1) return toTheEnd;
  const joined = junctionsOf(shape, layers).map(planWith);
  const possible = [toTheEnd, ...joined].filter(({ isSmallEnough }) => isSmallEnough);
  const work = (plan: Plan) => workOf(shape, layers, plan, picturePixels);
  return possible.reduce((least, plan) => (work(plan) < work(least) ? plan : least), possible[0] ?? toTheEnd);
}

/** Returns the last ReLU of each block in front of the deepest layer's. */
function junctionsOf(shape: Shape, layers: readonly string[]): readonly Junction[] {
  return through(shape, layers).flatMap(({ name, block }, index, convolutions) => {
    const next = convolutions[index + 1];
    return next && next.block > block ? [{ layer: `relu${name}`, block }] : [];
  });
}

/** Returns the work of a plan, in multiplications: pieces have one more forward pass, which is a third of an evaluation. */
function workOf(shape: Shape, layers: readonly string[], { pieces, junction }: Plan, picturePixels: number): number {
  const all = multiplications(through(shape, layers));
  const inPieces = junction ? multiplications(through(shape, [junction.layer])) : all;
  const pixels = pieces.reduce((sum, { whole }) => sum + pixelsOf(whole), 0);
  return (4 / 3) * inPieces * pixels + (all - inPieces) * picturePixels;
}

function multiplications(shape: Shape): number {
  return shape.reduce((sum, { inputChannels, outputChannels, downsampling }) => {
    return sum + (9 * inputChannels * outputChannels) / downsampling ** 2;
  }, 0);
}

/** Returns the terms of an objective whose layers lie behind a junction, or not. */
export function termsAround<Term extends { readonly layer: string }>(
  terms: readonly Term[],
  { block }: Junction,
): { readonly before: readonly Term[]; readonly behind: readonly Term[] } {
  const isBehind = ({ layer }: Term) => parseLayer(layer).block > block;
  return { before: terms.filter((term) => !isBehind(term)), behind: terms.filter(isBehind) };
}
