import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { bundledWeights } from '../../../src/engine/weights/bundled.js';
import { parseManifest, readManifest } from '../../../src/engine/weights/manifest.js';
import { digestOfFile } from '../../../src/engine/weights/weights-file.js';

describe('the manifest of weights', () => {
  const manifest = readManifest();

  it('names two places for each network that does not come with the program', () => {
    for (const { network, sources, file } of [manifest.vgg19, manifest.vgg16]) {
      expect(sources.length).toBeGreaterThanOrEqual(2);
      for (const source of sources) expect(source).toMatch(new RegExp(`^https://.*/${network}_.*notop\\.h5$`));
      expect(sources.every((source) => source.endsWith(`/${file}`))).toBe(true);
    }
  });

  it('has size and digest of what comes with the program', async () => {
    const path = bundledWeights('vgg19-lite');
    expect(existsSync(path)).toBe(true);
    const { bytes, digest } = manifest['vgg19-lite'];
    expect((await stat(path)).size).toBe(bytes);
    expect(await digestOfFile(path, digest.algorithm)).toBe(digest.hex);
  });

  it.each([
    ['sources', { sources: ['not an address'] }],
    ['bytes', { bytes: -1 }],
    ['md5', { md5: '253f' }],
    ['file', { file: '../vgg19.h5' }],
    ['licence', { licence: undefined }],
  ])('is refused with a bad field, by its name: %s', (field, change) => {
    const json = JSON.parse(
      JSON.stringify({ 'vgg19-lite': entryOf('vgg19-lite'), vgg19: entryOf('vgg19'), vgg16: entryOf('vgg16') }),
    );
    expect(() => parseManifest(json, 'manifest.json')).not.toThrow();
    json.vgg19 = { ...json.vgg19, ...change };
    expect(() => parseManifest(json, 'manifest.json')).toThrow(`vgg19 has no proper "${field}"`);
  });

  function entryOf(network: keyof typeof manifest) {
    const { digest, ...fields } = manifest[network];
    return { ...fields, [digest.algorithm]: digest.hex };
  }
});
