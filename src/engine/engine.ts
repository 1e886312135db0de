import type { RgbImage } from '../imaging/rgb-image.js';
import type { PictureSize } from './pieces/cut.js';
import type { Pooling } from './topology.js';

/** A layer's activations for one picture, by which content is compared. */
export interface Activations {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  /** The activations in CHW layout: channels · height · width values. */
  readonly data: Float32Array;
}

/**
 * A layer's Gram matrix for one picture, by which style is compared: G = F·Fᵀ / (H·W) with the activations F as a C ×
 * (H·W) matrix (Gatys et al. 2016, eq. 3; the division keeps it independent of the picture's size).
 */
export interface Gram {
  readonly channels: number;
  /** The symmetric matrix: channels · channels values. */
  readonly data: Float32Array;
}

/**
 * Mean and covariance of a layer's activations for one picture, the other way to compare style: μ = F·1 / (H·W) and
 * Σ = F·Fᵀ / (H·W) − μ·μᵀ. A Gram matrix holds both in one, G = Σ + μ·μᵀ, where bright layers' means outweigh all else.
 */
export interface Moments {
  readonly channels: number;
  /** The mean of each channel: channels values. */
  readonly mean: Float32Array;
  /** The symmetric covariance matrix: channels · channels values. */
  readonly covariance: Float32Array;
}

/** The statistics by which style is compared: a Gram matrix, or mean and covariance. */
export type StyleTarget = Gram | Moments;

/** Weights of a picture's pixels in a term. Only ratios matter: a layer's weights are brought to a sum of 1. */
export interface WeightMap {
  /** Width of the picture that is evaluated, in pixels. */
  readonly width: number;
  /** Height of the picture that is evaluated, in pixels. */
  readonly height: number;
  /** Weights from 0 up, width · height values row by row. The engine averages them down to a layer's positions. */
  readonly data: Float32Array;
}

/** The layers whose features {@link Engine.features} returns: conv3_2, say, before the ReLU, or relu3_2 after it. */
export interface FeatureRequest {
  readonly activations?: readonly string[];
  readonly grams?: readonly string[];
  readonly moments?: readonly string[];
}

/** A network's features of one picture, by layer. */
export interface Features {
  readonly activations: ReadonlyMap<string, Activations>;
  readonly grams: ReadonlyMap<string, Gram>;
  readonly moments: ReadonlyMap<string, Moments>;
}

/** One layer's share of the content loss. */
export interface ContentTerm {
  readonly layer: string;
  readonly weight: number;
  /** Activations of the content picture, at the size of the pictures that are to be evaluated. */
  readonly target: Activations;
  /** The map of where it matters that the picture is like the content; without a map it matters everywhere alike. */
  readonly map?: WeightMap;
}

/** One layer's share of the style loss, in the whole picture or in a part of it. */
export interface StyleTerm {
  readonly layer: string;
  /** A word for the part of the picture that the term is for, where a layer has a term, with a map, for each of several. */
  readonly part?: string | undefined;
  readonly weight: number;
  /** Gram matrix or moments of the style picture, of any size; the evaluated picture is compared by the same kind. */
  readonly target: StyleTarget;
  /** The map w of where statistics are taken: G = Σ w·f·fᵀ / Σ w over the positions, and μ and Σ likewise. */
  readonly map?: WeightMap;
}

/** Returns the name of a style term, by which its error is found: its layer, and its part of the picture if it has one. */
export function termName({ layer, part }: Pick<StyleTerm, 'layer' | 'part'>): string {
  return part === undefined ? layer : `${layer} in ${part}`;
}

/** The content and style that a picture is to come close to. */
export interface PerceptualObjective {
  readonly content: readonly ContentTerm[];
  readonly style: readonly StyleTerm[];
}

/**
 * The perceptual loss of one picture, loss = Σ weight · term, with its terms, which are unweighted, and its gradient.
 * The terms are relative, so that their weights mean the same for every network, layer and size.
 */
export interface PerceptualEvaluation {
  readonly loss: number;
  /** The content errors by layer: mean((F − Fc)²) / mean(Fc²), with weighted means where there is a map. */
  readonly content: ReadonlyMap<string, number>;
  /** The style errors by {@link termName}: Σ(G − Gs)² / ΣGs², or ‖μ − μs‖² / ‖μs‖² + ‖Σ − Σs‖² / ‖Σs‖². */
  readonly style: ReadonlyMap<string, number>;
  /** The gradient ∂loss/∂pixel in planar RGB, 3 · height · width values. The array belongs to the caller. */
  readonly gradient: Float32Array;
}

/** An objective that an engine is ready to evaluate. */
export interface PreparedObjective {
  /**
   * Computes the loss of a picture and its gradient.
   * @throws `engine/wrong-size` where the picture doesn't fit the content targets or the maps or is too small for the
   *   layers, `engine/not-finite` where it holds NaN or infinity.
   */
  evaluate(image: RgbImage): Promise<PerceptualEvaluation>;
}

/** An engine computes a network's activations and their gradients. */
export interface Engine {
  readonly name: string;
  /** The network's name, pooling and layers. */
  readonly network: { readonly name: string; readonly pooling: Pooling; readonly layers: readonly string[] };
  /**
   * Computes activations, Gram matrices and moments of a picture, which are the targets of an objective.
   * @throws `engine/unknown-layer` for a layer that the network lacks; `engine/wrong-size` for a picture that is too
   *   small for the layers, `engine/not-finite` for a picture that holds NaN or infinity.
   */
  features(image: RgbImage, request: FeatureRequest): Promise<Features>;
  /**
   * Prepares the evaluation of an objective. This is cheap for layers that were asked for before, because whatever is
   * compiled for a set of layers is kept.
   * @throws `engine/unknown-layer` for a layer that the network lacks; `engine/failed` for two terms of one name;
   *   `engine/wrong-size` for a target of a wrong shape; for a map `engine/not-finite`, or `engine/wrong-map` if a value is negative or all of a layer's positions
   *   get zero.
   */
  prepare(objective: PerceptualObjective): Promise<PreparedObjective>;
  /**
   * Hears that a picture of this size is to be evaluated next, before other things are made for it. Memory that was kept
   * for smaller ones, and would be lacking then, is freed. Default: none is.
   * @param result - the size that the picture grows to, at which other things are held already. Default: this one.
   */
  makeRoomFor?(size: PictureSize, result?: PictureSize): Promise<void>;
  /** Frees the memory that the engine holds. Afterwards every call throws `engine/disposed`. */
  dispose(): Promise<void>;
}

/** Weights of a layer's positions, row by row; what they sum up to is up to the caller. */
export type PositionWeights = Float32Array;

/** The layers whose features {@link PieceEngine.pieceFeatures} returns, statistics with weights that sum up to 1 or 0. */
export interface PieceFeatureRequest {
  readonly activations: readonly string[];
  readonly grams: ReadonlyMap<string, PositionWeights>;
  readonly moments: ReadonlyMap<string, PositionWeights>;
  /** Whether the same is asked for again and again, so that memory is kept for it. */
  readonly isRepeated: boolean;
}

/** A content term of a piece: its error is Σ w·(F − Fc)² over the positions, its gradient scale · w·(F − Fc). */
export interface PieceContentTerm {
  readonly layer: string;
  readonly target: Activations;
  readonly positions: PositionWeights;
  readonly scale: number;
}

/** A term of a piece whose gradient is known beforehand: it is w·(A·f + b) at a position with the activations f. */
export interface PieceStyleTerm {
  readonly layer: string;
  /** The part of the picture that the term is for, as in {@link StyleTerm}. */
  readonly part?: string | undefined;
  /** The symmetric matrix A: channels · channels values. */
  readonly matrix: Float32Array;
  /** The vector b: a value for each channel; undefined where it is zero. */
  readonly vector: Float32Array | undefined;
  readonly positions: PositionWeights;
}

/** The gradient at a layer of what lies behind it, which was computed elsewhere. */
export interface GradientBehind {
  readonly layer: string;
  /** The gradient with respect to the layer's activations, in their shape. */
  readonly gradient: Activations;
}

/** The terms of a piece, of which there is at least one. */
export interface PieceTerms {
  readonly content: readonly PieceContentTerm[];
  readonly style: readonly PieceStyleTerm[];
  /** The gradient of all terms behind the piece's deepest layer; undefined where there are none. */
  readonly behind?: GradientBehind | undefined;
}

/** The result of a piece's backward pass. */
export interface PieceGradient {
  /** The errors of the content terms, in their order. */
  readonly contentErrors: readonly number[];
  /** The gradient of all terms with respect to the piece's pixels, planar RGB. */
  readonly gradient: Float32Array;
}

/**
 * An engine that evaluates pieces of a picture as well, for `PiecewiseEngine`, which checks pictures and terms before.
 * These calls throw what {@link Engine.features} and {@link PreparedObjective.evaluate} throw where computing fails.
 */
export interface PieceEngine extends Engine {
  pieceFeatures(piece: RgbImage, request: PieceFeatureRequest): Promise<Features>;
  pieceGradient(piece: RgbImage, terms: PieceTerms): Promise<PieceGradient>;
  /**
   * Returns an engine of the blocks behind a block. Its pictures are the activations of that block's last ReLU, their
   * channels in the place of colours. It shares this engine's weights, and is disposed of before it.
   */
  blocksAfter(block: number): Engine;
  /** Frees the memory that is kept for the next evaluations; weights stay. Nothing may be computing. */
  releaseMemory(): Promise<void>;
}
