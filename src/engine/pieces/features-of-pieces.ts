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
    const shares = (kind: WantedStatistic['kind']) =>
      new Map(
        wanted.flatMap(({ layer, kind: asked }, index) => {
          const positions = own[index];
          return asked === kind && positions && positions.sum > 0 ? [[layer, asShares(positions)] as const] : [];
        }),
      );
    const request = {
      activations: [...activations.keys()],
      grams: shares('gram'),
      moments: shares('moments'),
      isRepeated,
    };
    if (activations.size + request.grams.size + request.moments.size === 0) continue;
    const features = await engine.pieceFeatures(imageOf(image, piece), request);
    for (const [index, { layer, kind }] of wanted.entries()) {
      const statistic = (kind === 'gram' ? features.grams : features.moments).get(layer);
      if (statistic) sums[index]?.add(own[index]?.sum ?? 0, statistic);
    }
    for (const [layer, whole] of activations) {
      const part = features.activations.get(layer);
      const [ownPart, wholePart] = [piece.own, piece.whole].map((pixels) =>
        positionsIn(pixels, downsamplingOf(network, layer)),
      );
      if (part && ownPart && wholePart) putInto(whole, ownPart, cutOut(part, inside(ownPart, wholePart)));
    }
    onPiece();
  }
  return {
    statistics: wanted.map(({ kind }, index) => {
      const sum = sums[index] ?? new StatisticSum();
      return kind === 'gram' ? sum.gram() : sum.moments();
    }),
    activations,
  };
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
