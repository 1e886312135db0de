import { about, CodedError, isCoded } from '../coded-error.js';
import { movementOf, openAnimation } from '../imaging/animation/open-animation.js';
import { encodePicture } from '../imaging/encode.js';
import { pictureDigest } from '../imaging/picture-digest.js';
import { decodedSide } from '../transfer/decoded-side.js';
import { transferBounds } from '../transfer/recipe/transfer-bounds.js';
import { readPictureFile } from './picture-files.js';

/** A content as it is painted. */
export interface ContentFile {
  /** Its bytes: those of the file, or of a picture of the one frame that was asked for. */
  readonly bytes: Uint8Array;
  /** The digest of the file, by which recipes name it. */
  readonly digest: string;
  /** Whether it is painted as an animation. */
  readonly moves: boolean;
  /** How many frames came whole of a file that is cut off or damaged behind them; undefined: none are lacking. */
  readonly cameWhole?: number | undefined;
  /** How many frames are damaged of those that a still from an animation is made of; undefined: none. */
  readonly damagedFrames?: number | undefined;
}

/** What is asked for of a content's frames; nothing: all there are. */
export interface WantedFrames {
  /** The number of the frame, from 1, that is painted as a still. */
  readonly still?: number | undefined;
  /** The most frames that are painted. */
  readonly frames?: number | undefined;
}

/**
 * Reads a content, and finds out whether it moves.
 * @throws CodedError `image/…` if it can't be used; `usage/…` if it can't be read or has no such frame.
 */
export async function readContent(path: string, { still, frames }: WantedFrames): Promise<ContentFile> {
  const bytes = await readPictureFile(path);
  const content = { bytes, digest: pictureDigest(bytes), moves: false };
  // All programs take the first frame where they want a picture, so animations of any length have one.
  if (still === 1) return content;
  try {
    const animation = await openAnimation(bytes, { maxSide: decodedSide(transferBounds.size.max) });
    if (animation === undefined && frames !== undefined) throw doesNotMove(path, '--frames');
    if (still === undefined) {
      return { ...content, moves: animation !== undefined, cameWhole: movementOf(bytes).cameWhole };
    }
    if (animation === undefined) throw doesNotMove(path, '--still');
    const count = animation.delaysMs.length;
    if (still > count) throw noSuchFrame(path, count);
    const { image, opacity } = await animation.frame(still - 1);
    const { damagedFrames } = animation;
    return { ...content, bytes: await encodePicture(image, 'png', { opacity }), damagedFrames };
  } catch (error) {
    throw isCoded(error, 'image') ? about(path, withStill(error)) : error;
  }
}

function noSuchFrame(path: string, frames: number): CodedError {
  const sentence = `"${path}" has ${frames} frames: give --still a number from 1 to ${frames}.`;
  return new CodedError('usage', 'no-such-frame', sentence);
}

function doesNotMove(path: string, option: string): CodedError {
  return new CodedError('usage', 'no-such-frame', `"${path}" does not move: leave ${option} out.`);
}

/** Adds to the refusal of an animation what can be done with it all the same. */
function withStill(error: CodedError): CodedError {
  const { domain, code, context } = error;
  if (code !== 'too-many-frames' && code !== 'too-many-frame-pixels') return error;
  return new CodedError(domain, code, `${error.message} Its first frame alone is painted with --still 1.`, {
    context,
    cause: error,
  });
}
