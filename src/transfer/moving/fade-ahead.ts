import type { RgbImage } from '../../imaging/rgb-image.js';
import { fadesOn } from '../../motion/cross-fade.js';
import { transition } from '../../motion/transition.js';

/** The most frames that are looked at in advance. A longer fade is one after the other. */
const longestFade = 24;

/** What a fade comes to. */
export interface FadeAhead<Frame> {
  /** Index of the frame that shows it. */
  readonly last: number;
  readonly end: Frame;
}

/**
 * Finds what a fade comes to that is under way.
 * @param earlier - the frame from which on it fades.
 * @param later - the first frame that faded, and its index.
 * @param frameAt - returns a frame by its index, or undefined where there is none any more.
 * @returns undefined where the fade is no cross-fade of two frames or more: then nothing is known of it.
 */
export async function fadeAhead<Frame extends { readonly content: RgbImage }>(
  earlier: RgbImage,
  { index, content }: { readonly index: number; readonly content: RgbImage },
  frameAt: (index: number) => Promise<Frame | undefined>,
): Promise<FadeAhead<Frame> | undefined> {
  let ahead: FadeAhead<Frame> | undefined;
  let [before, now] = [earlier, content];
  for (let last = index + 1; last < index + longestFade; last++) {
    const end = await frameAt(last);
    if (!end || !fadesOn(before, now, end.content)) break;
    const change = transition(now, end.content);
    if (change.kind !== 'motion' || !change.fades) break;
    ahead = { last, end };
    [before, now] = [now, end.content];
  }
  return ahead;
}
