import { expect, test } from 'vitest';
import { decodePicture } from '../../src/imaging/decode.js';
import { badPictures } from './bad-pictures.js';

const peakBytes = () => process.resourceUsage().maxRSS * 1024;

test.each(badPictures)('%s is refused as %s', async (_name, code, make) => {
  const bytes = await make();

  const error = await decodePicture(bytes).catch((reason: unknown) => reason);

  // The message is one sentence that says what is wrong and, after a semicolon, what to do.
  const message = expect.stringMatching(/^[A-Z][^;]+; [^;]+\.$/);
  expect(error).toMatchObject({ domain: 'image', code, message });
});

test('refusing all of them at once takes little memory', async () => {
  const files = await Promise.all(badPictures.map(([, , make]) => make()));
  const before = peakBytes();

  const results = await Promise.allSettled(files.map((bytes) => decodePicture(bytes)));

  expect(results.filter(({ status }) => status === 'fulfilled')).toEqual([]);
  expect(peakBytes() - before).toBeLessThan(300 * 1024 * 1024);
});
