import { expect, it } from 'vitest';
import { openAnimation } from '../../src/imaging/animation/open-animation.js';
import { encodeWithin } from '../../src/imaging/encode-within.js';
import type { Frames } from '../../src/imaging/gif/writer.js';
import { toBytes } from '../../src/imaging/rgb-bytes.js';
import { outcomeSchema } from '../../src/jobs/job.js';
import { keptResult } from '../../src/jobs/kept-result.js';
import { encodeResultFiles } from '../../src/works/result-files.js';
import { noisePicture } from '../engine/random-pictures.js';

it('a result tells how many painted frames its file shows, where some were left out to make it fit', async () => {
  const images = Array.from({ length: 8 }, (_, index) => noisePicture(48, 40, index));
  const [picture = expect.fail('There is no picture.')] = images;
  const animation = {
    delaysMs: images.map(() => 100),
    loops: 0,
    framesInContent: 20,
    frame: async (index: number) => ({ image: images[index] ?? picture, opacity: undefined }),
  };
  const encode = (maxFileBytes: number) =>
    encodeResultFiles({ picture, opacity: undefined, frames: undefined, animation }, { maxFileBytes });
  expect((await encode(1e6)).frames).toEqual({ painted: 8, inContent: 20 });
  const { picture: file, frames } = await encode(1500);
  const shown = (await openAnimation(file.bytes))?.delaysMs.length;
  expect(shown).toBeLessThan(8);
  expect(frames).toEqual({ painted: shown, inContent: 20 });
});

it('a result tells whether its animation is missing for lack of memory, and not because it is too large', async () => {
  const picture = noisePicture(64, 64, 1);
  const pictures = [1, 2].map((seed) => toBytes(noisePicture(64, 64, seed)));
  const lacking = {
    width: 64,
    height: 64,
    pictures,
    get opacity(): undefined {
      throw new RangeError('Array buffer allocation failed');
    },
  };
  const told = async (frames: Frames, maxFileBytes: number) => {
    const files = await encodeResultFiles({ picture, frames }, { maxFileBytes });
    const { facts } = keptResult({ ...files, epochs: 1, evaluations: 1, seconds: 1 });
    return outcomeSchema.parse({ kind: 'result', result: facts });
  };
  const { bytes } = await encodeWithin(picture, { maxBytes: 150 });
  expect(await told(lacking, 1e6)).toMatchObject({ result: { animationLackedMemory: true } });
  const tooLarge = await told({ width: 64, height: 64, pictures }, bytes.length);
  expect(tooLarge).not.toHaveProperty('result.animation');
  expect(tooLarge).not.toHaveProperty('result.animationLackedMemory');
});
