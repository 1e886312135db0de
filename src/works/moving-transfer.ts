import type { Engine } from '../engine/engine.js';
import { isOutOfMemory } from '../engine/engine-error.js';
import { isNetworkName } from '../engine/topology.js';
import { type Opacity, resampleOpacity } from '../imaging/opacity.js';
import { resample } from '../imaging/resample.js';
import type { RgbImage } from '../imaging/rgb-image.js';
import type { Shortfall } from '../transfer/coarse-to-fine.js';
import {
  type FrameProgress,
  type FramesAccount,
  type MovingPictures,
  paintFrames,
} from '../transfer/moving/paint-frames.js';
import { fitToLongerSide } from '../transfer/scales.js';
import type { TransferOptions } from '../transfer/transfer-options.js';
import { nextFrameCost, transferCost, typicalNetwork } from './cost.js';
import { backOnPaper, type Content, ownColors } from './decode-input.js';
import { FramesLeft } from './frames-left.js';
import { FramesInMemory, KeptPaintings } from './kept-paintings.js';
import type { MovingContent } from './moving-content.js';
import type { PaintingProgress } from './progress.js';
import type { PaintedAnimation, PerformOptions } from './work.js';

/** What a content that moves is painted with. */
export interface MovingTransfer extends Omit<MovingPictures, 'frames'> {
  readonly content: MovingContent;
  readonly transfer: Omit<TransferOptions, 'signal'> & { readonly size: number; readonly epochs: number };
}

/** The frames that were painted, and the account of painting them. */
export interface MovedPainting {
  /** The first frame. */
  readonly picture: RgbImage;
  /** Its opacity, in its size; undefined if it is opaque. */
  readonly opacity: Opacity | undefined;
  /** Stills alone have an animation of how they came about. */
  readonly frames: undefined;
  /** Where there is more than one frame, the loss of each is another. */
  readonly loss: undefined;
  readonly scaleEpochs: readonly number[];
  /** Undefined where painting was stopped before there were two frames. */
  readonly animation: PaintedAnimation | undefined;
  readonly epochs: number;
  readonly evaluations: number;
  readonly engineSeconds: number;
  readonly stopped: boolean;
  readonly shortfall: Shortfall | undefined;
}

/**
 * Paints a content that moves. Frames that are kept already are not painted again. If painting is stopped or fails, the
 * frames by then are the result, if there are two; of a first frame that is not done, the picture as it is.
 * @throws what {@link paintFrames} throws, as long as there are no two frames, and `engine/out-of-memory`: then the
 *   whole may be tried smaller.
 */
export async function paintMoving(
  engine: Engine,
  { content, transfer, ...pictures }: MovingTransfer,
  {
    keptFrames = new FramesInMemory(),
    signal,
    onProgress,
  }: Pick<PerformOptions, 'keptFrames' | 'signal' | 'onProgress'>,
): Promise<MovedPainting> {
  const { size } = transfer;
  const count = content.delaysMs.length;
  const kept = new KeptPaintings(keptFrames, size);
  let isTransparent = false;
  let latestFrame: (Content & { readonly index: number }) | undefined;
  const decodedFrame = async (index: number) => {
    if (latestFrame?.index !== index) latestFrame = { ...(await content.frame(index)), index };
    isTransparent ||= latestFrame.opacity !== undefined;
    return latestFrame;
  };
  const frames = {
    count,
    loops: content.loops !== 1,
    frame: async (index: number) => ownColors(await decodedFrame(index), size),
    visible: async (index: number) => (await decodedFrame(index)).opacity,
  };
  const left = new FramesLeft(count, firstToNext(engine, transfer));
  let account: FramesAccount = { epochs: 0, evaluations: 0, engineSeconds: 0 };
  let done = 0;
  let latest: (() => RgbImage) | undefined;
  let shortfall: Shortfall | undefined;
  const painting = paintFrames(engine, { frames, ...pictures }, kept, { ...transfer, signal });
  const hear = (step: FrameProgress) => {
    if (step.kind === 'frame') {
      done = step.index + 1;
      // Where a later frame fails, those that are done took this.
      account = step.account;
      left.done(step.index > 0 && step.how !== 'kept');
      return;
    }
    const opacity = latestFrame?.opacity;
    const picture = () => backOnPaper(step.progress.picture(), opacity);
    latest = picture;
    return onProgress?.({ ...progressOfFrame(step, left), picture });
  };
  try {
    for (;;) {
      const begin = performance.now();
      const turn = await painting.next();
      left.worked((performance.now() - begin) / 1000);
      if (turn.done) {
        const { epochs, evaluations, engineSeconds } = turn.value;
        account = { epochs, evaluations, engineSeconds };
        shortfall = turn.value.shortfall;
        break;
      }
      await hear(turn.value);
    }
  } catch (error) {
    if (signal?.aborted || isOutOfMemory(error) || done < 2) throw error;
    shortfall = { asked: size, made: size, error };
  }
  const frame = async (index: number) => {
    const image = await kept.read(index);
    if (image === undefined) throw new Error(`Expected frame ${index} to be kept, got none`);
    const opacity = isTransparent ? (await content.frame(index)).opacity : undefined;
    return {
      image: backOnPaper(image, opacity),
      opacity: opacity && resampleOpacity(opacity, image.width, image.height),
    };
  };
  const { delaysMs, loops, framesInContent } = content;
  const first = done > 0 ? await frame(0) : await asItIs(content, latest, size);
  return {
    picture: first.image,
    opacity: first.opacity,
    frames: undefined,
    loss: undefined,
    scaleEpochs: [],
    animation: done < 2 ? undefined : { delaysMs: delaysMs.slice(0, done), loops, framesInContent, frame },
    ...account,
    stopped: signal?.aborted ?? false,
    shortfall,
  };
}

/** Returns the first frame as far as it is painted; the content where nothing is. */
async function asItIs(content: MovingContent, latest: (() => RgbImage) | undefined, size: number): Promise<Content> {
  const { image, opacity } = await content.frame(0);
  const { width, height } = fitToLongerSide(image, size);
  const picture = resample(latest?.() ?? image, width, height);
  return { image: picture, opacity: opacity && resampleOpacity(opacity, width, height) };
}

/** Returns how many times as much work the first frame is as any other. */
function firstToNext({ network: { name } }: Engine, transfer: MovingTransfer['transfer']): number {
  const network = isNetworkName(name) ? name : typicalNetwork;
  return transferCost(network, transfer).pixelEpochs / nextFrameCost(network, transfer.size).pixelEpochs;
}

function progressOfFrame(
  { index, count, progress }: FrameProgress & { readonly kind: 'epoch' },
  left: FramesLeft,
): PaintingProgress {
  const { epoch, epochs, width, height, loss, secondsLeft, picture } = progress;
  return {
    epoch,
    epochs,
    at: { kind: 'frame', frame: index + 1, frames: count, width, height },
    loss: loss.total,
    secondsLeft: left.secondsLeft(index, secondsLeft),
    picture,
  };
}
