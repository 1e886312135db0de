import { describe, expect, it } from 'vitest';
import { english } from '../../src/discord/texts/english.js';
import { german } from '../../src/discord/texts/german.js';
import { languages } from '../../src/discord/texts/language.js';
import { allTexts } from '../../tools/texts/all-texts.js';

const texts = allTexts();

/** Nouns that texts count, in both forms; German cases that differ from one another stand apart. */
const nouns = {
  en: {
    one: ['attachment', 'character', 'difference', 'epoch', 'hour', 'minute', 'person', 'picture', 'scale', 'server'],
    many: ['attachments', 'characters', 'differences', 'epochs', 'hours', 'minutes', 'people', 'pictures', 'servers'],
    both: [
      ['style', 'styles'],
      ['violation', 'violations'],
      ['worker', 'workers'],
    ],
  },
  de: {
    one: ['Anhang', 'Bild', 'Epoche', 'Maschine', 'Minute', 'Person', 'Stil', 'Stunde', 'Unterschied', 'Verstoß'],
    many: ['Anhänge', 'Bilder', 'Epochen', 'Maschinen', 'Minuten', 'Personen', 'Stile', 'Stunden', 'Unterschiede'],
    both: [
      ['weiteres', 'weitere'],
      ['wartendes', 'wartende'],
      ['fertiges', 'fertige'],
    ],
  },
} as const;

/** Finds a number with a noun in the wrong form, with at most one adjective between them. */
function wrongPlural(language: 'en' | 'de'): RegExp {
  const { one, many, both } = nouns[language];
  const ones = [...one, ...both.map(([single]) => single)].join('|');
  const manys = [...many, ...both.map(([, plural]) => plural)].join('|');
  const adjective = '(?:finished |own |fertige[ns]? |eigene[n]? )?';
  return new RegExp(`(?<![\\d.,:+])(?:1 ${adjective}(?:${manys})|[02] ${adjective}(?:${ones}))(?![\\p{L}])`, 'u');
}

describe('the texts that `npm run texts` prints', () => {
  it('are all that there are, each in both languages', () => {
    expect(texts.length).toBeGreaterThan(400);
    const missing = texts.filter(({ variants }) => variants.en.length === 0 || variants.de.length === 0);
    // In English, an error about a picture says itself what is wrong.
    expect(missing.every(({ path }) => path.startsWith('bot.errors.image/'))).toBe(true);
    expect(texts.flatMap(({ variants }) => [...variants.en, ...variants.de]).filter((text) => text === '')).toEqual([]);
  });

  it.each(languages)('have no number with a word in the wrong form, for 0, 1 and 2, in %s', (language) => {
    const wrong = wrongPlural(language);
    expect('1 pictures, 2 picture, 1 fertige Bilder').toMatch(wrong);
    const all = texts.flatMap(({ path, variants }) => variants[language].map((text) => `${path}: ${text}`));
    expect(all.filter((text) => wrong.test(text))).toEqual([]);
    // Each count is tried with one and with others.
    expect(
      all.filter((text) => /(?<![\d.,:])1 (?:picture|Bild|epoch|Epoche)(?!\p{L})/u.test(text)).length,
    ).toBeGreaterThan(8);
  });
});

describe('texts whose other words go with a number', () => {
  it.each([
    [
      'pictures in work',
      english.privacy.openJobs,
      ['0 pictures … for them', '1 picture … for it', '2 pictures … for them'],
    ],
    ['Bilder in Arbeit', german.privacy.openJobs, ['0 Bilder, an denen …', '1 Bild, an dem …', '2 Bilder, an denen …']],
    ['workers', english.queue.workers, ['0 workers, 0 pictures …', '1 worker, 1 picture …', '2 workers, 2 pictures …']],
    ['Maschinen', german.queue.workers, ['0 Maschinen, 0 Bilder …', '1 Maschine, 1 Bild …', '2 Maschinen, 2 Bilder …']],
    ['weitere', german.queue.more, ['… 0 weitere.', '… 1 weiteres.', '… 2 weitere.']],
    ['servers that block', english.privacy.blocks, ['… 0 servers have …', '… 1 server have …', '… 2 servers have …']],
    ['Server, die sperren', german.privacy.blocks, ['… 0 Servern …', '… 1 Server …', '… 2 Servern …']],
    [
      'server-queue-full (en)',
      error('en', 'server-queue-full'),
      ['0 pictures … are waiting…', '1 picture … is waiting…', '2 pictures … are waiting…'],
    ],
    [
      'server-queue-full (de)',
      error('de', 'server-queue-full'),
      ['0 Bilder … warten…', '1 Bild … wartet…', '2 Bilder … warten…'],
    ],
    [
      'too-many-active (de)',
      error('de', 'too-many-active'),
      ['… 0 Bilder, die warten …', '… 1 Bild, das wartet …', '… 2 Bilder, die warten …'],
    ],
  ])('say %s right for 0, 1 and 2', (_what, text, expected) => {
    for (const [number, pattern] of expected.entries()) {
      const parts = pattern.split('…').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
      expect(text(number, number)).toMatch(new RegExp(`^${parts.join('.*')}`, 's'));
    }
  });

  it('write parts of an hour as their language does', () => {
    expect(english.privacy.explanation(0.5)).toContain('after 0.5 hours');
    expect(german.privacy.explanation(0.5)).toContain('nach 0,5 Stunden');
  });
});

function error(language: 'en' | 'de', code: string): (limit: number, _same: number) => string {
  const { errors } = language === 'en' ? english : german;
  return (limit) => errors[code]?.({ count: limit, limit }) ?? expect.fail(code);
}
