import { openAnimation } from '../imaging/animation/open-animation.js';
import { sampleFrames } from '../imaging/animation/sample-frames.js';
import { laidOver, liftedOff, paper, type Rgb } from '../imaging/opacity.js';
import { type Content, decoded } from './decode-input.js';
import type { Inputs } from './work.js';

/** The frames of a content that moves which are to be painted. They are decoded one by one. */
export interface MovingContent {
  /** How long each frame is shown, in milliseconds. */
  readonly delaysMs: readonly number[];
  /** How often the animation is played; 0: for ever. */
  readonly loops: number;
  /** How many frames the whole animation has. */
  readonly framesInContent: number;
  /** Decodes a frame by its index from 0. In their order they cost least. */
  frame(index: number): Promise<Content>;
  /** How many frames turned out to be damaged by now: they leave what was there before. */
  readonly damagedFrames: number;
}

export interface MovingContentOptions {
  /** The most frames that are taken, evenly in time. */
  readonly most: number;
  /** Frames whose longer side has more pixels are shrunk to about that. */
  readonly maxSide: number;
  /** The colour that transparency is laid over for good. Default: it lies on paper, and is told beside the colours. */
  readonly background?: Rgb | undefined;
}

/**
 * Opens a task's content by its structure alone, without decoding a pixel.
 * @returns undefined where it is a still, or where only one frame is to be taken.
 * @throws `image/…` if the animation can't be used; see {@link openAnimation}.
 */
export async function openMovingContent(
  inputs: Inputs,
  { most, maxSide, background }: MovingContentOptions,
): Promise<MovingContent | undefined> {
  if (most < 2) return undefined;
  const animation = await decoded(openAnimation, inputs, 'content', maxSide);
  if (animation === undefined) return undefined;
  const { delaysMs, loops } = animation;
  const taken = sampleFrames(delaysMs, most);
  if (taken.length < 2) return undefined;
  return {
    delaysMs: taken.map(({ delayMs }) => delayMs),
    loops,
    framesInContent: delaysMs.length,
    get damagedFrames() {
      return animation.damagedFrames;
    },
    async frame(index) {
      const { image, opacity } = await animation.frame(taken[index]?.index ?? index);
      if (opacity === undefined || background === undefined) return { image, opacity };
      return { image: laidOver(liftedOff(image, opacity, paper), opacity, background), opacity: undefined };
    },
  };
}
