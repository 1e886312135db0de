import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../src/package-root.js';

const docs = join(packageRoot(), 'docs');
let listing: string;
beforeAll(async () => {
  listing = await readFile(join(docs, 'listing.md'), 'utf8');
});

/** Returns the quoted text that follows a heading in bold letters. */
function quoted(heading: string): string {
  const [, text] = new RegExp(`\\*\\*${heading}\\*\\*[^\\n]*\\n\\n((?:>[^\\n]*\\n)+)`).exec(listing) ?? [];
  return (text ?? expect.fail(heading)).replaceAll(/^> ?/gm, '').trim();
}

describe('what Discord lists the bot by', () => {
  it.each([
    ['Summary', 200],
    ['Description', 400],
    ['Zusammenfassung', 200],
    ['Beschreibung', 400],
  ])('has a %s of up to %i characters', (heading, most) => {
    const { length } = quoted(heading);
    expect(length).toBeGreaterThan(most / 2);
    expect(length).toBeLessThanOrEqual(most);
  });

  it('has up to five tags in each language', () => {
    const lines = listing.match(/(?<=\*\*Tags:\*\* ).*/g) ?? [];
    expect(lines.map((line) => line.split(', ').length)).toEqual([5, 5]);
  });

  it('has pictures of the sizes that it tells, and no link to a file that is not there', async () => {
    // The bytes, because src/imaging, which other tests in this process load, keeps sharp from reading files.
    const sizeOf = async (name: string) => sharp(await readFile(join(docs, 'pictures', name))).metadata();
    expect(await sizeOf('icon.png')).toMatchObject({ width: 1024, height: 1024 });
    expect(await sizeOf('banner.png')).toMatchObject({ width: 1360, height: 480 });
    for (const name of ['listing.md', 'terms.md', 'privacy.md']) {
      const text = await readFile(join(docs, name), 'utf8');
      for (const [, link = ''] of text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)) await readFile(join(docs, link));
    }
  });
});
