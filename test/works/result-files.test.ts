import { expect, it } from 'vitest';
import { openAnimation } from '../../src/imaging/animation/open-animation.js';
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
