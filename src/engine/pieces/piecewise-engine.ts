import type { RgbImage } from '../../imaging/rgb-image.js';
import type {
  Engine,
  FeatureRequest,
  Features,
  Gram,
  Moments,
  PerceptualEvaluation,
  PerceptualObjective,
  PieceEngine,
  PreparedObjective,
} from '../engine.js';
import { isOutOfMemory } from '../engine-error.js';
import { type MeasuredTerms, measure } from '../relative-error.js';
import { areaOf, checkObjective, checkPicture, checkSizes, downsamplingOf, layersIn } from '../request-checks.js';
import { type Network, requireLayer } from '../weights/network.js';
import { collectGarbage } from './collect-garbage.js';
import { cut, type PictureSize, type Piece, pixelsOf } from './cut.js';
import { evaluateInPieces } from './evaluate-in-pieces.js';
import { evaluateJoined, type JoinedObjective, prepareJoined } from './evaluate-joined.js';
import { viewOf } from './evaluation-memory.js';
import { featuresOfPieces, type PieceRun } from './features-of-pieces.js';
import { type Junction, type Plan, type Portion, planEvaluation } from './plan.js';
import { isMoments } from './statistic-sums.js';

/** What memory is kept for where pictures are evaluated in one piece. */
const onePiece = 'one piece';

/** What else is in memory while a portion is evaluated. */
export interface Held {
  /** Number of pixels of the picture that the portion's picture is a window of, or its own. */
  readonly wholePixels: number;
  /** Number of pixels that the picture has in the end. */
  readonly resultPixels: number;
}

/** The options of {@link PiecewiseEngine}. */
export interface PiecewiseOptions {
  /** Tells whether there is memory for evaluating so much at once. */
  readonly fits: (portion: Portion & Held) => boolean;
  /** Called after each piece: an evaluation of a large picture may take minutes. */
  readonly onPiece?: (() => void) | undefined;
}

/**
 * Evaluates pictures that don't fit into memory piece by piece, with the same numbers as in one piece but for rounding.
 * Each piece has a halo of all that its layers' own positions see. Statistics and errors are sums over all pieces' own
 * positions; where the statistics of the whole picture are known, so is the gradient at each position, by which each piece
 * computes its part of the pixels' gradient. That takes a second forward pass, and the halos. Deep layers have the large
 * halos and take little memory: where there is room, the blocks behind a junction are evaluated for the whole picture.
 */
export class PiecewiseEngine implements Engine {
  readonly name;
  readonly network;
  readonly #engine: PieceEngine;
  readonly #network: Network;
  readonly #fits: PiecewiseOptions['fits'];
  readonly #onPiece: () => void;
  /** The most pixels of a piece: less after memory ran out where it should have sufficed. */
  #most = Number.POSITIVE_INFINITY;
  /** What room was made for last: a picture of which a window may be evaluated. */
  #held: Held = { wholePixels: 0, resultPixels: 0 };
  /** What memory is kept for by now. */
  #keptFor: string | undefined;
  /** The most pixels of a picture that memory is kept for, where it is for pictures in one piece. */
  #keptPixels = 0;
  /** The layers that were looked at last. */
  #evaluatedLayers: readonly string[] = [];
  /** How many calls are being computed. */
  #computing = 0;
  /** Engines of the blocks behind a block, by its number. */
  readonly #enginesBehind = new Map<number, Engine>();

  /** @param network - the network that the engine runs. */
  constructor(engine: PieceEngine, network: Network, { fits, onPiece = () => {} }: PiecewiseOptions) {
    this.name = engine.name;
    this.network = engine.network;
    this.#engine = engine;
    this.#network = network;
    this.#fits = fits;
    this.#onPiece = onPiece;
  }

  async features(image: RgbImage, request: FeatureRequest): Promise<Features> {
    const { activations = [], grams = [], moments = [] } = request;
    const layers = [...activations, ...grams, ...moments];
    if (layers.length === 0) return this.#engine.features(image, request);
    return this.#asPlanned(
      () => ({ pieces: this.#piecesOf(image, layers), junction: undefined }),
      ({ pieces }) => {
        if (pieces.length === 1) return this.#engine.features(image, request);
        checkPicture(this.#network, image, layers);
        return this.#withRoomFor(undefined, () => this.#featuresOf(image, pieces, { activations, grams, moments }));
      },
    );
  }

  async prepare(objective: PerceptualObjective): Promise<PreparedObjective> {
    const layers = layersIn(objective);
    this.#evaluatedLayers = layers;
    const size = sizeIn(this.#network, objective);
    let inOnePiece: Promise<PreparedObjective> | undefined;
    let terms: MeasuredTerms | undefined;
    const joined = new Map<string, Promise<JoinedObjective>>();
    const measured = () => {
      checkObjective(this.#network, objective);
      terms ??= measure(this.#network, objective);
      return terms;
    };
    const whole = () => {
      inOnePiece ??= this.#engine.prepare(objective);
      return inOnePiece;
    };
    const joinedAt = (junction: Junction) => {
      const prepared =
        joined.get(junction.layer) ?? prepareJoined(this.#behind(junction.block), this.#network, objective, junction);
      joined.set(junction.layer, prepared);
      return prepared;
    };
    // Either way the objective is checked. It is prepared for several ways only if it is evaluated by them.
    if (size && this.#planOf(size, layers).pieces.length > 1) measured();
    else await whole();

    return {
      evaluate: (image) =>
        this.#asPlanned(
          () => this.#planOf(image, layers),
          async ({ pieces, junction }): Promise<PerceptualEvaluation> => {
            if (pieces.length === 1) {
              return this.#withRoomFor(onePiece, async () => {
                this.#keptPixels = Math.max(this.#keptPixels, image.width * image.height);
                return (await whole()).evaluate(image);
              });
            }
            checkPicture(this.#network, image, layers);
            checkSizes(this.#network, objective, image);
            const run = this.#runOf(image, pieces);
            return this.#withRoomFor(`pieces of ${image.width}×${image.height}`, async () => {
              return junction ? evaluateJoined(run, await joinedAt(junction)) : evaluateInPieces(run, measured());
            });
          },
        ),
    };
  }

  async makeRoomFor(size: PictureSize, result = size): Promise<void> {
    this.#held = { wholePixels: size.width * size.height, resultPixels: result.width * result.height };
    const isCut = this.#planOf(size, this.#evaluatedLayers).pieces.length > 1;
    if (isCut || !this.#fitsBesideKept(size)) await this.#withRoomFor(undefined, async () => {});
  }

  /** Tells whether a larger picture can be evaluated in one piece without freeing the memory that is kept for smaller ones. */
  #fitsBesideKept({ width, height }: PictureSize): boolean {
    if (width * height <= this.#keptPixels || this.#keptFor !== onePiece) return true;
    // What is kept for a smaller picture is in pieces that a larger one has hardly any use for.
    const pixels = width * height + this.#keptPixels;
    return this.#fits({
      layers: this.#evaluatedLayers,
      pixels,
      picturePixels: pixels,
      junction: undefined,
      ...this.#held,
    });
  }

  async dispose(): Promise<void> {
    for (const engine of this.#enginesBehind.values()) await engine.dispose();
    this.#enginesBehind.clear();
    await this.#engine.dispose();
  }

  /**
   * Computes something. The memory that was kept for something else, and what the last evaluation in pieces left, is freed
   * before: it would be lacking where pictures are cut because of memory.
   * @param kept - what memory is kept for from now on; undefined: for nothing.
   */
  async #withRoomFor<Result>(kept: string | undefined, compute: () => Promise<Result>): Promise<Result> {
    const isInTheWay = this.#keptFor !== undefined && this.#keptFor !== kept;
    if (isInTheWay && this.#computing === 0) {
      await this.#engine.releaseMemory();
      this.#keptPixels = 0;
    }
    if (kept !== onePiece) collectGarbage();
    this.#keptFor = kept;
    this.#computing++;
    try {
      return await compute();
    } finally {
      this.#computing--;
    }
  }

  /** Computes as planned; where memory runs out all the same, with smaller pieces, as long as there are any. */
  async #asPlanned<Result>(plan: () => Plan, compute: (plan: Plan) => Promise<Result>): Promise<Result> {
    const planned = plan();
    try {
      return await compute(planned);
    } catch (error) {
      const largest = largestOf(planned.pieces);
      if (!isOutOfMemory(error)) throw error;
      this.#most = largest / 2;
      if (largestOf(plan().pieces) >= largest) throw error;
      return this.#asPlanned(plan, compute);
    }
  }

  async #featuresOf(
    image: RgbImage,
    pieces: readonly Piece[],
    { activations = [], grams = [], moments = [] }: FeatureRequest,
  ): Promise<Features> {
    const evenly = (layer: string) => 1 / areaOf(this.#network, layer, image);
    const wanted = [
      ...grams.map((layer) => ({ layer, kind: 'gram', weights: evenly(layer) }) as const),
      ...moments.map((layer) => ({ layer, kind: 'moments', weights: evenly(layer) }) as const),
    ];
    const features = await featuresOfPieces(this.#runOf(image, pieces), wanted, activations, { isRepeated: false });
    const found = { grams: new Map<string, Gram>(), moments: new Map<string, Moments>() };
    for (const [index, statistic] of features.statistics.entries()) {
      const layer = wanted[index]?.layer ?? '';
      if (isMoments(statistic)) found.moments.set(layer, statistic);
      else found.grams.set(layer, statistic);
    }
    return { activations: features.activations, ...found };
  }

  #piecesOf(size: PictureSize, layers: readonly string[]): readonly Piece[] {
    this.#requireLayers(layers);
    const picturePixels = size.width * size.height;
    return cut(size, viewOf(this.#network.convolutions, layers), (pixels) => {
      return this.#isEnough({ layers, pixels, picturePixels, junction: undefined });
    });
  }

  #planOf(size: PictureSize, layers: readonly string[]): Plan {
    this.#requireLayers(layers);
    return planEvaluation(this.#network.convolutions, layers, size, (portion) => this.#isEnough(portion));
  }

  #requireLayers(layers: readonly string[]): void {
    for (const layer of layers) requireLayer(this.#network, layer);
  }

  #isEnough(portion: Portion): boolean {
    // Where memory ran out, nobody knows whether it was a piece or what lies behind a junction that took it.
    const isTrusted = portion.junction === undefined || this.#most === Number.POSITIVE_INFINITY;
    const wholePixels = Math.max(portion.picturePixels, this.#held.wholePixels);
    const resultPixels = Math.max(wholePixels, this.#held.resultPixels);
    return portion.pixels <= this.#most && isTrusted && this.#fits({ ...portion, wholePixels, resultPixels });
  }

  #behind(block: number): Engine {
    const engine = this.#enginesBehind.get(block) ?? this.#engine.blocksAfter(block);
    this.#enginesBehind.set(block, engine);
    return engine;
  }

  #runOf(image: RgbImage, pieces: readonly Piece[]): PieceRun {
    return { engine: this.#engine, network: this.#network, image, pieces, onPiece: this.#onPiece };
  }
}

function largestOf(pieces: readonly Piece[]): number {
  return Math.max(...pieces.map(({ whole }) => pixelsOf(whole)));
}

/** Returns about the size of the pictures that an objective is for; undefined where it is for any. */
function sizeIn(network: Network, { content, style }: PerceptualObjective): PictureSize | undefined {
  const map = [...content, ...style].find((term) => term.map)?.map;
  const [term] = content;
  if (map || !term) return map;
  const downsampling = downsamplingOf(network, term.layer);
  return { width: downsampling * term.target.width, height: downsampling * term.target.height };
}
