import type {
  Activations,
  GradientBehind,
  PerceptualEvaluation,
  PieceContentTerm,
  PieceStyleTerm,
  PreparedObjective,
} from '../engine.js';
import { type MeasuredTerms, relativeErrors } from '../relative-error.js';
import { areaOf, downsamplingOf, sizeOf } from '../request-checks.js';
import { inside, type Piece, positionsIn } from './cut.js';
import { featuresOfPieces, imageOf, type PieceRun } from './features-of-pieces.js';
import { type StyleError, styleError } from './known-gradient.js';
import { type OwnPositions, ownPositions } from './own-positions.js';
import { addInto, cutOut, type Planes, putInto } from './planes.js';
import { isMoments } from './statistic-sums.js';

/** What is evaluated for the whole picture, behind the layer at which pieces are joined. */
export interface WholeBehind {
  readonly layer: string;
  /** Evaluates the joined activations of that layer. */
  readonly objective: PreparedObjective;
}

/**
 * Evaluates loss and gradient: all pieces once for the statistics of the whole picture, and once more for the gradient
 * that these lead to.
 * @param terms - those that are evaluated in pieces, in front of `whole`.
 * @param whole - what is evaluated between the two, if anything. Its errors come behind the others.
 */
export async function evaluateInPieces(
  run: PieceRun,
  terms: MeasuredTerms,
  whole?: WholeBehind,
): Promise<PerceptualEvaluation> {
  const { engine, image, pieces, onPiece } = run;
  const { styleErrors, activations } = await firstPass(run, terms, whole ? [whole.layer] : []);
  const [joined] = activations.values();
  const behind = joined && (await whole?.objective.evaluate(joined));
  const squaredErrors = terms.content.map(() => 0);
  const gradient = { width: image.width, height: image.height, data: new Float32Array(image.data.length) };
  for (const piece of pieces) {
    const content = contentTermsOf(run, terms, piece);
    const style = styleTermsOf(run, terms, piece, styleErrors);
    const gradientBehind =
      whole && behind && gradientBehindOf(run, whole.layer, { ...joined, data: behind.gradient }, piece);
    if (content.length + style.length === 0 && !gradientBehind) continue;
    const pixels = imageOf(image, piece);
    const result = await engine.pieceGradient(pixels, {
      content: content.map(({ term }) => term),
      style,
      behind: gradientBehind,
    });
    for (const [index, { number }] of content.entries()) {
      squaredErrors[number] = (squaredErrors[number] ?? 0) + (result.contentErrors[index] ?? Number.NaN);
    }
    addInto(gradient, piece.whole, { ...pixels, data: result.gradient });
    onPiece();
  }
  const [contentErrors, ofStyle] = [squaredErrors.values(), styleErrors.values()];
  const errors = relativeErrors(terms, {
    content: () => [contentErrors.next().value ?? Number.NaN],
    style: () => ofStyle.next().value?.squaredErrors ?? [],
  });
  return {
    loss: errors.loss + (behind?.loss ?? 0),
    content: new Map([...errors.content, ...(behind?.content ?? [])]),
    style: new Map([...errors.style, ...(behind?.style ?? [])]),
    gradient: gradient.data,
  };
}

async function firstPass(
  run: PieceRun,
  { style }: MeasuredTerms,
  joinedLayers: readonly string[],
): Promise<{ styleErrors: readonly StyleError[]; activations: ReadonlyMap<string, Activations> }> {
  if (style.length + joinedLayers.length === 0) return { styleErrors: [], activations: new Map() };
  const wanted = style.map((term) => {
    return {
      layer: term.layer,
      kind: isMoments(term.target) ? 'moments' : 'gram',
      weights: weightsOf(run, term),
    } as const;
  });
  const { statistics, activations } = await featuresOfPieces(run, wanted, joinedLayers, { isRepeated: true });
  const styleErrors = style.flatMap((term, index) => {
    const statistic = statistics[index];
    return statistic ? [styleError(term, statistic)] : [];
  });
  return { styleErrors, activations };
}

/** Returns the gradient behind a layer at a piece's own positions; undefined where it is zero there. */
function gradientBehindOf(
  { network }: PieceRun,
  layer: string,
  gradient: Activations,
  piece: Piece,
): GradientBehind | undefined {
  const downsampling = downsamplingOf(network, layer);
  const [whole, own] = [positionsIn(piece.whole, downsampling), positionsIn(piece.own, downsampling)];
  const ownGradient = cutOut(gradient, own);
  if (ownGradient.data.every((value) => value === 0)) return undefined;
  const { channels } = gradient;
  const [width, height] = [whole.right - whole.left, whole.bottom - whole.top];
  const part = { channels, width, height, data: new Float32Array(channels * width * height) };
  putInto(part, inside(own, whole), ownGradient);
  return { layer, gradient: part };
}

/** Returns the content terms that have weight in a piece, each with its number among all. */
function contentTermsOf({ network, image }: PieceRun, { content }: MeasuredTerms, piece: Piece) {
  return content.flatMap(({ layer, target, weight, energies, positions }, number) => {
    const downsampling = downsamplingOf(network, layer);
    const weights = positions ? { ...sizeOf(network, layer, image), data: positions } : 1;
    const own = ownPositions(piece, downsampling, weights);
    if (own.sum === 0) return [];
    const part = cutOut(target, positionsIn(piece.whole, downsampling));
    const scale = (2 * weight) / (energies[0] ?? Number.NaN);
    const term: PieceContentTerm = {
      layer,
      target: { ...part, channels: target.channels },
      positions: own.positions,
      scale,
    };
    return [{ number, term }];
  });
}

function styleTermsOf(
  run: PieceRun,
  { style }: MeasuredTerms,
  piece: Piece,
  errors: readonly StyleError[],
): readonly PieceStyleTerm[] {
  return style.flatMap((term, index) => {
    const own: OwnPositions = ownPositions(piece, downsamplingOf(run.network, term.layer), weightsOf(run, term));
    const error = errors[index];
    return error && own.sum > 0
      ? [{ layer: term.layer, part: term.part, ...error.gradient, positions: own.positions }]
      : [];
  });
}

/** Returns the weights of a style layer's positions, which sum up to 1 over the whole picture. */
function weightsOf(
  { network, image }: PieceRun,
  { layer, positions }: MeasuredTerms['style'][number],
): Planes | number {
  return positions ? { ...sizeOf(network, layer, image), data: positions } : 1 / areaOf(network, layer, image);
}
