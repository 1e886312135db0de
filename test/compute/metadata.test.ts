import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { performTask } from '../../src/compute/perform-task.js';
import type { Engine } from '../../src/engine/engine.js';
import { openEngine } from '../../src/engine/open-engine.js';
import { request } from './requests.js';

const secret = 'Winterfell, 1 Godswood Lane';

/** Makes a photograph that tells where, by whom and with what it was taken, in every way that a JPEG can. */
async function tellingPhotograph(bytes: Uint8Array): Promise<Buffer> {
  const xmp = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="${secret}"/></rdf:RDF></x:xmpmeta>`;
  const exif = {
    IFD0: { Copyright: secret, Artist: secret, ImageDescription: secret },
    IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 3230/100', GPSAreaInformation: secret },
  };
  const jpeg = await sharp(bytes).withExif(exif).withXmp(xmp).withIccProfile('p3').jpeg().toBuffer();
  const comment = Buffer.concat([Buffer.from([0xff, 0xfe, 0, secret.length + 2]), Buffer.from(secret)]);
  return Buffer.concat([jpeg.subarray(0, 2), comment, jpeg.subarray(2), Buffer.from(`behind its end: ${secret}`)]);
}

describe('what comes of a photograph that tells much', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await openEngine({ threads: 1 });
  });
  afterAll(() => engine.dispose());

  it.each([
    ['png', 10_000_000],
    ['webp', 6000],
  ])('tells nothing of it: a %s, its animation and previews', async (format, maxFileBytes) => {
    const plain = await request({ transfer: { size: 96, epochs: 4 }, maxFileBytes });
    const content = await tellingPhotograph(plain.inputs.content ?? new Uint8Array());
    expect(await sharp(content).metadata()).toMatchObject({
      exif: expect.anything(),
      xmp: expect.anything(),
      icc: expect.anything(),
    });
    const style = await tellingPhotograph(await sharp(plain.inputs.style).jpeg().toBuffer());
    const previews: Uint8Array[] = [];
    const result = await performTask(
      { ...plain, inputs: { content, style } },
      { engineFor: async () => engine, onProgress: ({ preview }) => preview && previews.push(preview) },
    );
    expect(result.picture.format).toBe(format);
    const files = [result.picture.bytes, ...previews];
    if (result.animation !== undefined) files.push(result.animation.bytes);
    expect(previews.length).toBeGreaterThan(0);
    for (const bytes of files) {
      const metadata = await sharp(bytes).metadata();
      for (const kind of ['exif', 'xmp', 'icc', 'iptc', 'tifftagPhotoshop', 'comments'] as const) {
        expect(metadata[kind], kind).toBeUndefined();
      }
      const text = Buffer.from(bytes).toString('latin1');
      expect(text).not.toContain(secret);
      expect(text).not.toContain('Exif');
    }
  });
});
