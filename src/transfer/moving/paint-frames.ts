import type { Engine } from '../../engine/engine.js';
import { isOutOfMemory } from '../../engine/engine-error.js';
import type { Plane } from '../../imaging/plane.js';
import { resample } from '../../imaging/resample.js';
import type { RgbImage } from '../../imaging/rgb-image.js';
import { shareOfFade } from '../../motion/cross-fade.js';
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
import { fadeAhead } from './fade-ahead.js';
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
 * flow is reliable; where much of it is new, it is painted from coarse to fine as well, but for what is known. What stands
 * still is not painted again, nor are frames that are equal to an earlier one. Cross-fades fade over from one painted
 * picture to the other, and the last frames of a loop go over into the first.
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
  /** 1 where strokes were made up when they were new, and are not painted properly since. */
  readonly madeUp: Plane;
}

/** A frame of the content, as it came and in the size that is painted. */
interface ContentFrame {
  readonly original: RgbImage;
  readonly content: RgbImage;
  readonly visible: Mask | undefined;
}

/** A frame, and what of it is kept already. */
interface FrameToPaint extends ContentFrame {
  readonly index: number;
  /** The painted frame, where it is kept. */
  readonly there: RgbImage | undefined;
}

/** A cross-fade that frames are in: what it began with, what it comes to, and the index of the frame that shows that. */
interface CrossFade {
  readonly from: Painted;
  readonly to: { readonly content: RgbImage; readonly painting: RgbImage };
  readonly last: number;
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
  #fade: CrossFade | undefined;
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
    const { count } = this.#pictures.frames;
    const { signal } = this.#options;
    if (signal?.aborted) return false;
    const there = await this.#kept.read(index);
    const { original, content, visible } = await this.#contentFrame(index, there);
    const { width, height } = content;
    const digest = digestOf(original);
    const equal = this.#indexes.get(digest);
    this.#indexes.set(digest, equal ?? index);
    const made =
      equal === undefined
        ? yield* this.#paint({ index, original, content, visible, there })
        : {
            painting: there ?? (await this.#kept.read(equal)),
            anchor: content,
            ...finished(content),
            how: 'equal' as const,
          };
    if (!made.painting) throw new Error(`Expected frame ${equal} to be kept, got none`);
    if (signal?.aborted) return false;
    const painting = there ?? asKept(made.painting);
    if (!there) await this.#kept.keep(index, painting);
    const { anchor, fresh, madeUp } = made;
    const isFitting = painting.width === width && painting.height === height;
    const sized = resample(content, painting.width, painting.height);
    this.#previous = isFitting
      ? { content, visible, anchor, painting, fresh, madeUp }
      : { content: sized, visible, anchor: sized, painting, ...finished(painting) };
    this.#first ??= this.#previous;
    yield { kind: 'frame', index, count, how: there ? 'kept' : made.how, account: { ...this.account } };
    return true;
  }

  /** Returns a frame of the content. @param there - what it was painted as, where that is kept. */
  async #contentFrame(index: number, there?: RgbImage): Promise<ContentFrame> {
    const { frame, visible } = this.#pictures.frames;
    const original = await frame(index);
    // The first picture says how large all are: it may have come out smaller than was asked for.
    const size = this.#options.size ?? transferDefaults.size;
    const { width, height } = this.#first?.content ?? there ?? fitToLongerSide(original, size);
    return { original, content: resample(original, width, height), visible: await visible?.(index) };
  }

  /**
   * Paints a frame by what became of the one before. Of one that is `there` already only that is found out, so that those
   * after it come out as if nothing had come between.
   */
  async *#paint(frame: FrameToPaint) {
    const { index, content, visible, there } = frame;
    const [first, previous] = [this.#first, this.#previous];
    if (this.#fade && index > this.#fade.last) this.#fade = undefined;
    if (this.#fade) return this.#faded(frame, this.#fade);
    const change = previous ? transition(previous.content, content, previous.anchor) : ({ kind: 'cut' } as const);
    if (previous && change.kind === 'same') return { ...previous, how: 'equal' } as const;
    if (!previous || !first || change.kind !== 'motion') {
      const painting = there ?? (yield* this.#reported(index, this.#anew(frame)));
      return { painting, anchor: content, ...finished(content), how: 'anew' } as const;
    }
    this.#fade = change.fades ? yield* this.#crossFade(previous, frame) : undefined;
    if (this.#fade) return this.#faded(frame, this.#fade);
    const next = this.#nextFrames(first);
    const expectation = expectationFrom(next.toExpect({ content, visible }), {
      previous: {
        ...previous,
        painting: next.seen(previous.painting),
        anchor: next.seen(previous.anchor),
        counts: next.counts(previous),
        motion: change,
      },
      first: { painting: next.seen(first.painting), motion: this.#sinceFirst(first, content, index) },
      closing: this.#closing(index),
    });
    const painting = there ?? (yield* this.#reported(index, next.paint({ content, visible }, expectation)));
    // What is painted again is painted for what it shows now, the rest for what it was painted for before.
    const paintedFor = new PinnedPixels(warp(previous.anchor, change.back), expectation.repainted);
    const anchor = { ...content, data: paintedFor.seen(content.data) };
    const { fresh, isStrange, madeUp } = expectation;
    return { painting, anchor, fresh, madeUp: isStrange ? plane(content) : madeUp, how: 'onward' } as const;
  }

  #anew({ original, visible }: ContentFrame): AsyncGenerator<TransferProgress, TransferResult> {
    return styleTransfer(this.#engine, { ...this.#pictures, content: original, visible }, this.#options);
  }

  #nextFrames({ content, visible }: Painted): NextFrames {
    this.#next ??= new NextFrames(this.#engine, { ...this.#pictures, content, visible }, this.#options);
    return this.#next;
  }

  /**
   * Paints what a cross-fade comes to, ahead of its time: strokes of two pictures can't go over into one another bit by bit, but
   * what was painted can be faded over as the content is.
   * @returns undefined where it is no cross-fade.
   */
  async *#crossFade(from: Painted, { index, content }: FrameToPaint) {
    const { count, loops } = this.#pictures.frames;
    const frameAt = async (at: number) => (at < count || loops ? this.#contentFrame(at % count) : undefined);
    const ahead = await fadeAhead(from.content, { index, content }, frameAt);
    if (!ahead) return undefined;
    const { last, end } = ahead;
    const there = await this.#kept.read(this.#indexes.get(digestOf(end.original)) ?? last);
    const painting = there ?? asKept(yield* this.#reported(index, this.#anew(end)));
    return { from, to: { content: end.content, painting }, last };
  }

  /** Returns a frame of a cross-fade. */
  #faded({ index, content, there }: FrameToPaint, { from, to, last }: CrossFade) {
    const share = index === last ? 1 : shareOfFade(from.content, to.content, content);
    const data = to.painting.data.map((value, i) => share * value + (1 - share) * (from.painting.data[i] as number));
    const painting = there ?? this.#nextFrames(this.#first ?? from).withContentOutside(content)({ ...content, data });
    return { painting, anchor: content, ...finished(content), how: index === last ? 'anew' : 'onward' } as const;
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

/** Returns that nothing of a frame lacks painting. */
function finished(frame: RgbImage): Pick<Painted, 'fresh' | 'madeUp'> {
  return { fresh: plane(frame), madeUp: plane(frame) };
}

/** Returns a plane of zeros. */
function plane({ width, height }: { readonly width: number; readonly height: number }): Plane {
  return { width, height, data: new Float32Array(width * height) };
}
