import type { RgbImage } from '../imaging/rgb-image.js';
import type { Pooling } from './topology.js';

/** A layer's activations of one picture: what content is compared by. */
export interface Activations {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  /** CHW, channels · height · width values. */
  readonly data: Float32Array;
}

/**
 * A layer's Gram matrix of one picture: what style is compared by. G = F·Fᵀ / (H·W) with the activations F as a C × (H·W)
 * matrix (Gatys et al. 2016, eq. 3; the division keeps it independent of the picture's size).
 */
export interface Gram {
  readonly channels: number;
  /** channels · channels values, symmetric. */
  readonly data: Float32Array;
}

/**
 * Mean and covariance of a layer's activations of one picture, the other way to compare style: μ = F·1 / (H·W) and
 * Σ = F·Fᵀ / (H·W) − μ·μᵀ. A Gram matrix holds both in one, G = Σ + μ·μᵀ, where bright layers' means outweigh all else.
 */
export interface Moments {
  readonly channels: number;
  /** channels values. */
  readonly mean: Float32Array;
  /** channels · channels values, symmetric. */
  readonly covariance: Float32Array;
}

/** What style is compared by: one or the other. */
export type StyleTarget = Gram | Moments;

/**
 * How much each pixel of an evaluated picture counts in a term. Only ratios matter: a layer's weights are brought to a sum of 1.
 */
export interface WeightMap {
  /** Of the evaluated picture, in pixels. */
  readonly width: number;
  readonly height: number;
  /** Row by row, width · height values from 0 up. The engine averages them down to a layer's positions. */
  readonly data: Float32Array;
}

/** What {@link Engine.features} is asked for: layers by their names, conv3_2 before and relu3_2 after the ReLU. */
export interface FeatureRequest {
  readonly activations?: readonly string[];
  readonly grams?: readonly string[];
  readonly moments?: readonly string[];
}

/** What a network sees in one picture, by layer. */
export interface Features {
  readonly activations: ReadonlyMap<string, Activations>;
  readonly grams: ReadonlyMap<string, Gram>;
  readonly moments: ReadonlyMap<string, Moments>;
}

/** One layer's share of the content loss. */
export interface ContentTerm {
  readonly layer: string;
  readonly weight: number;
  /** Of the content picture, at the size of the pictures that are to be evaluated. */
  readonly target: Activations;
  /** Where it matters that the picture is like the content; everywhere the same where there is no map. */
  readonly map?: WeightMap;
}

/** One layer's share of the style loss. */
export interface StyleTerm {
  readonly layer: string;
  readonly weight: number;
  /** Of the style picture, at any size; which of the two it is decides what the picture is compared by. */
  readonly target: StyleTarget;
  /** Where the picture's statistics are taken from: G = Σ w·f·fᵀ / Σ w over the positions, and μ and Σ likewise. */
  readonly map?: WeightMap;
}

/** What a picture is to come close to. */
export interface PerceptualObjective {
  readonly content: readonly ContentTerm[];
  readonly style: readonly StyleTerm[];
}

/**
 * The perceptual loss of one picture. The terms are relative, so that their weights mean the same for every network,
 * layer and size, and unweighted: loss = Σ weight · term.
 */
export interface PerceptualEvaluation {
  readonly loss: number;
  /** By layer: mean((F − Fc)²) / mean(Fc²), the means weighted where there is a map. */
  readonly content: ReadonlyMap<string, number>;
  /** By layer: Σ(G − Gs)² / ΣGs², or ‖μ − μs‖² / ‖μs‖² + ‖Σ − Σs‖² / ‖Σs‖². */
  readonly style: ReadonlyMap<string, number>;
  /** ∂loss/∂pixel: planar RGB as the picture, 3 · height · width values. Belongs to the caller. */
  readonly gradient: Float32Array;
}

/** An objective that an engine is ready to evaluate. */
export interface PreparedObjective {
  /**
   * Loss and gradient of a picture.
   * @throws `engine/wrong-size` where the picture doesn't fit the content targets or the maps or is too small for the
   *   layers, `engine/not-finite` where it holds NaN or infinity.
   */
  evaluate(image: RgbImage): Promise<PerceptualEvaluation>;
}

/** What computes a network's activations and their gradients. */
export interface Engine {
  readonly name: string;
  /** The network's name, pooling and layers. */
  readonly network: { readonly name: string; readonly pooling: Pooling; readonly layers: readonly string[] };
  /**
   * Activations, Gram matrices and moments of a picture: the targets of an objective.
   * @throws `engine/unknown-layer` for a layer that the network lacks; `engine/wrong-size` for a picture that is too
   *   small for it, `engine/not-finite` for one that holds NaN or infinity.
   */
  features(image: RgbImage, request: FeatureRequest): Promise<Features>;
  /**
   * Makes ready to evaluate an objective. Cheap for layers that were asked for before: what is compiled for a set of
   * layers is kept.
   * @throws `engine/unknown-layer` for a layer that the network lacks; `engine/wrong-size` for a target of another shape,
   *   `engine/not-finite` or `engine/wrong-map` for a map that is none or is zero at every position of a layer.
   */
  prepare(objective: PerceptualObjective): Promise<PreparedObjective>;
  /** Frees what the engine holds. Afterwards every call throws `engine/disposed`. */
  dispose(): Promise<void>;
}
