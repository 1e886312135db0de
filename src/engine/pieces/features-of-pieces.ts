import type { RgbImage } from '../../imaging/rgb-image.js';
import type { Activations, PieceEngine, StyleTarget } from '../engine.js';
import { downsamplingOf, sizeOf } from '../request-checks.js';
import { type Network, requireLayer } from '../weights/network.js';
import { inside, type Piece, positionsIn } from './cut.js';
import { asShares, ownPositions } from './own-positions.js';
import { cutOut, type Planes, putInto } from './planes.js';
import { StatisticSum } from './statistic-sums.js';

/** A picture that is gone through piece by piece. */
export interface PieceRun {
  readonly engine: PieceEngine;
  readonly network: Network;
  /** The picture, which has been checked. */
  readonly image: RgbImage;
  readonly pieces: readonly Piece[];
  readonly onPiece: () => void;
}

/** A statistic of a layer of the whole picture. */
export interface WantedStatistic {
  readonly layer: string;
  readonly kind: 'gram' | 'moments';
  /** The weights of the layer's positions, with a sum of 1, or one number for all of them. */
  readonly weights: Planes | number;
}

/** Computes statistics and activations of a picture. @returns the statistics in the order in which they were asked for. */
export async function featuresOfPieces(
  { engine, network, image, pieces, onPiece }: PieceRun,
  wanted: readonly WantedStatistic[],
  activationLayers: readonly string[],
  { isRepeated }: { readonly isRepeated: boolean },
): Promise<{ statistics: readonly StyleTarget[]; activations: ReadonlyMap<string, Activations> }> {
  const sums = wanted.map(() => new StatisticSum());
  const activations = new Map(activationLayers.map((layer) => [layer, emptyActivations(network, layer, image)]));
  for (const piece of pieces) {
    const own = wanted.map(({ layer, weights }) => ownPositions(piece, downsamplingOf(network, layer), weights));
    const inPiece = wanted.flatMap((statistic, index) => {
      const positions = own[index];
      return positions && positions.sum > 0 ? [{ ...statistic, index, positions }] : [];
    });
    const rounds = inRounds(inPiece, activations.size > 0);
    for (const [number, round] of rounds.entries()) {
      const shares = (kind: WantedStatistic['kind']) =>
        new Map(
          round.flatMap(({ layer, kind: asked, positions }) =>
            asked === kind ? [[layer, asShares(positions)] as const] : [],
          ),
        );
      const request = {
        activations: number === 0 ? [...activations.keys()] : [],
        grams: shares('gram'),
        moments: shares('moments'),
        isRepeated,
      };
      const features = await engine.pieceFeatures(imageOf(image, piece), request);
      for (const { index, layer, kind, positions } of round) {
        const statistic = (kind === 'gram' ? features.grams : features.moments).get(layer);
        if (statistic) sums[index]?.add(positions.sum, statistic);
      }
      for (const layer of request.activations) {
        const whole = activations.get(layer);
        const part = features.activations.get(layer);
        const [ownPart, wholePart] = [piece.own, piece.whole].map((pixels) =>
          positionsIn(pixels, downsamplingOf(network, layer)),
        );
        if (whole && part && ownPart && wholePart) putInto(whole, ownPart, cutOut(part, inside(ownPart, wholePart)));
      }
    }
    if (rounds.length > 0) onPiece();
  }
  return {
    statistics: wanted.map(({ kind }, index) => {
      const sum = sums[index] ?? new StatisticSum();
      return kind === 'gram' ? sum.gram() : sum.moments();
    }),
    activations,
  };
}

/**
 * Puts the statistics of a piece into rounds, in each of which a layer has one of a kind, because features are found by
 * layers: parts of the picture with styles of their own take a round each, where a piece has some of them.
 * @param needsOne - whether there has to be a round even without statistics.
 */
function inRounds<Wanted extends WantedStatistic>(wanted: readonly Wanted[], needsOne: boolean): Wanted[][] {
  const rounds: Wanted[][] = needsOne ? [[]] : [];
  for (const one of wanted) {
    const round = rounds.find((others) => others.every(({ layer, kind }) => layer !== one.layer || kind !== one.kind));
    if (round) round.push(one);
    else rounds.push([one]);
  }
  return rounds;
}

/** Returns the pixels of a piece with its halo. */
export function imageOf(image: RgbImage, { whole }: Piece): RgbImage {
  return cutOut(image, whole);
}

function emptyActivations(network: Network, layer: string, image: RgbImage): Activations {
  const channels = requireLayer(network, layer).convolution.outputChannels;
  const { width, height } = sizeOf(network, layer, image);
  return { channels, width, height, data: new Float32Array(channels * width * height) };
}
