import type { Engine } from '../../engine/engine.js';
import { isOutOfMemory } from '../../engine/engine-error.js';
import type { Plane } from '../../imaging/plane.js';
import { resample } from '../../imaging/resample.js';
import type { RgbImage } from '../../imaging/rgb-image.js';
import { type Motion, standstill, transition } from '../../motion/transition.js';
import { warp } from '../../motion/warp.js';
import type { Mask } from '../area/mask.js';
import { PinnedPixels } from '../area/pinned-pixels.js';
import type { Shortfall, TransferProgress, TransferResult } from '../coarse-to-fine.js';
import type { TransferPictures } from '../pictures.js';
import { fitToLongerSide } from '../scales.js';
import { styleTransfer } from '../style-transfer.js';
import { transferDefaults } from '../transfer-options.js';
import { expectationFrom } from './expectation.js';
import type { FrameOptions } from './frame-options.js';
import { asKept, digestOf, type Frames, type KeptFrames } from './frames.js';
import { NextFrames } from './next-frames.js';

/** What frames are painted from. */
export interface MovingPictures extends Omit<TransferPictures, 'content' | 'visible'> {
  readonly frames: Frames;
}

/** The most frames at the end of a loop in which it goes over into its beginning. */
const longestClosing = 8;

/** The progress of frames: an epoch of one was made, or one is done. */
export type FrameProgress =
  | {
      readonly kind: 'epoch';
      readonly index: number;
      readonly count: number;
      readonly progress: TransferProgress;
    }
  | {
      readonly kind: 'frame';
      readonly index: number;
      readonly count: number;
      readonly how: HowPainted;
      /** What all frames took so far. */
      readonly account: FramesAccount;
    };

/** How a frame came about: from nothing, from the one before, as an equal one is, or it was kept already. */
export type HowPainted = 'anew' | 'onward' | 'equal' | 'kept';

/** What painting frames took. */
export interface FramesAccount {
  readonly epochs: number;
  readonly evaluations: number;
  readonly engineSeconds: number;
}

/** The result of {@link paintFrames}; the pictures are where frames are kept. */
export interface FramesResult extends FramesAccount {
  /** How many frames are done, from the first one on: all, unless `signal` stopped it. */
  readonly done: number;
  readonly stopped: boolean;
  /** Why all frames are smaller than asked for: memory didn't suffice for the first one. Undefined if they aren't. */
  readonly shortfall: Shortfall | undefined;
}

/**
 * Paints the frames of a content that moves, one after the other, so that strokes move with what they are on (Ruder,
 * Dosovitskiy and Brox, "Artistic style transfer for videos", 2016). The first frame is painted from coarse to fine, as
 * is each after a cut. Any other begins with the one before, moved along the optical flow, and is held to that where the
 * flow is reliable. What stands still is not painted again, nor are frames that are equal to an earlier one. The last
 * frames of a loop go over into the first.
 *
 * Memory is for a handful of frames, however many there are.
 *
 * @param kept - where frames go; those that are there are not painted again.
 * @returns a generator that yields after every epoch and frame. While nobody iterates, nothing runs.
 * @throws what {@link styleTransfer} throws, and what the frames and their keeper throw; also the error of a frame that
 *   fell short, but for a smaller first one. What is kept by then stands.
 */
export async function* paintFrames(
  engine: Engine,
  { frames, ...pictures }: MovingPictures,
  kept: KeptFrames,
  options: FrameOptions = {},
): AsyncGenerator<FrameProgress, FramesResult> {
  const { count } = frames;
  const painter = new FramePainter(engine, { frames, ...pictures }, kept, options);
  for (let index = 0; index < count; index++) {
    const isDone = yield* painter.frame(index);
    if (!isDone) return { done: index, stopped: true, shortfall: painter.shortfall, ...painter.account };
  }
  return { done: count, stopped: false, shortfall: painter.shortfall, ...painter.account };
}

/** A frame that is done. */
interface Painted {
  readonly content: RgbImage;
  readonly visible: Mask | undefined;
  /** The content that each pixel was painted for, which moves with it; what stands still is not painted again. */
  readonly anchor: RgbImage;
  readonly painting: RgbImage;
  /** How much painting each pixel lacks since it was uncovered, from 0 to 1. */
  readonly fresh: Plane;
}

/** A frame of the content, as it came and in the size that is painted. */
interface FrameToPaint {
  readonly original: RgbImage;
  readonly content: RgbImage;
  readonly visible: Mask | undefined;
  /** The painted frame, where it is kept already. */
  readonly there: RgbImage | undefined;
}

/** Paints one frame after the other, and remembers the first one and the one before. */
class FramePainter {
  readonly #engine: Engine;
  readonly #pictures: MovingPictures;
  readonly #kept: KeptFrames;
  readonly #options: FrameOptions;
  /** The index of each different frame, by its digest. */
  readonly #indexes = new Map<string, number>();
  #first: Painted | undefined;
  #previous: Painted | undefined;
  #next: NextFrames | undefined;
  readonly account = { epochs: 0, evaluations: 0, engineSeconds: 0 };
  shortfall: Shortfall | undefined;

  constructor(engine: Engine, pictures: MovingPictures, kept: KeptFrames, options: FrameOptions) {
    this.#engine = engine;
    this.#pictures = pictures;
    this.#kept = kept;
    this.#options = options;
  }

  /** Paints a frame and keeps it. Returns whether it was not stopped before. */
  async *frame(index: number): AsyncGenerator<FrameProgress, boolean> {
    const { count, frame, visible: visibleOf } = this.#pictures.frames;
    const { signal, size = transferDefaults.size } = this.#options;
    if (signal?.aborted) return false;
    const original = await frame(index);
    const visible = await visibleOf?.(index);
    const there = await this.#kept.read(index);
    // The first picture says how large all are: it may have come out smaller than was asked for.
    const { width, height } = this.#first?.content ?? there ?? fitToLongerSide(original, size);
    const digest = digestOf(original);
    const equal = this.#indexes.get(digest);
    this.#indexes.set(digest, equal ?? index);
    const content = resample(original, width, height);
    const made =
      equal === undefined
        ? yield* this.#paint(index, { original, content, visible, there })
        : {
            painting: there ?? (await this.#kept.read(equal)),
            anchor: content,
            fresh: plane(content),
            how: 'equal' as const,
          };
    if (!made.painting) throw new Error(`Expected frame ${equal} to be kept, got none`);
    if (signal?.aborted) return false;
    const painting = there ?? asKept(made.painting);
    if (!there) await this.#kept.keep(index, painting);
    const { anchor, fresh } = made;
    const isFitting = painting.width === width && painting.height === height;
    const sized = resample(content, painting.width, painting.height);
    this.#previous = isFitting
      ? { content, visible, anchor, painting, fresh }
      : { content: sized, visible, anchor: sized, painting, fresh: plane(painting) };
    this.#first ??= this.#previous;
    yield { kind: 'frame', index, count, how: there ? 'kept' : made.how, account: { ...this.account } };
    return true;
  }

  /**
   * Paints a frame by what became of the one before. Of one that is `there` already only that is found out, so that those
   * after it come out as if nothing had come between.
   */
  async *#paint(index: number, { original, content, visible, there }: FrameToPaint) {
    const [first, previous] = [this.#first, this.#previous];
    const change = previous ? transition(previous.content, content, previous.anchor) : ({ kind: 'cut' } as const);
    if (previous && change.kind === 'same') return { ...previous, how: 'equal' } as const;
    if (!previous || !first || change.kind !== 'motion') {
      const steps = () => styleTransfer(this.#engine, { ...this.#pictures, content: original, visible }, this.#options);
      const painting = there ?? (yield* this.#reported(index, steps()));
      return { painting, anchor: content, fresh: plane(content), how: 'anew' } as const;
    }
    const ofFirst = { content: first.content, visible: first.visible };
    this.#next ??= new NextFrames(this.#engine, { ...this.#pictures, ...ofFirst }, this.#options);
    const next = this.#next;
    const expectation = expectationFrom(next.toExpect({ content, visible }), {
      previous: { ...previous, painting: next.seen(previous.painting), motion: change },
      first: { painting: next.seen(first.painting), motion: this.#sinceFirst(first, content, index) },
      closing: this.#closing(index),
    });
    const painting = there ?? (yield* this.#reported(index, next.paint({ content, visible }, expectation)));
    // What is painted again is painted for what it shows now, the rest for what it was painted for before.
    const paintedFor = new PinnedPixels(warp(previous.anchor, change.back), expectation.repainted);
    const anchor = { ...content, data: paintedFor.seen(content.data) };
    return { painting, anchor, fresh: expectation.fresh, how: 'onward' } as const;
  }

  /** Finds what of the first frame is seen in a later one: by its motion where a loop closes, else where it stands still. */
  #sinceFirst(first: Painted, content: RgbImage, index: number): Motion {
    if (this.#closing(index) === 0) return standstill(first.content, content);
    const change = transition(first.content, content);
    return change.kind === 'motion' ? change : standstill(first.content, content);
  }

  /** Returns how much a frame goes over into the first one, in equal steps to the end of a loop. */
  #closing(index: number): number {
    const { count, loops } = this.#pictures.frames;
    const frames = loops ? Math.min(longestClosing, Math.floor(count / 3)) : 0;
    return Math.max(0, index + 1 - (count - frames)) / (frames + 1);
  }

  async *#reported(index: number, steps: AsyncGenerator<TransferProgress, TransferResult>) {
    const { count } = this.#pictures.frames;
    let turn = await steps.next();
    while (!turn.done) {
      yield { kind: 'epoch', index, count, progress: turn.value } as const;
      turn = await steps.next();
    }
    const { picture, shortfall, epochs, evaluations, engineSeconds } = turn.value;
    // All frames have the size of the first one, and a frame that is half painted is not to be gone on from.
    if (shortfall && (index > 0 || !isOutOfMemory(shortfall.error))) throw shortfall.error;
    this.shortfall ??= shortfall;
    this.account.epochs += epochs;
    this.account.evaluations += evaluations;
    this.account.engineSeconds += engineSeconds;
    return picture;
  }
}

/** Returns a plane of zeros. */
function plane({ width, height }: { readonly width: number; readonly height: number }): Plane {
  return { width, height, data: new Float32Array(width * height) };
}
