import { describe, expect, it } from 'vitest';
import { againTexts } from '../../src/discord/kinds/again-modal.js';
import { kinds } from '../../src/discord/kinds/kinds.js';
import { labModalTexts } from '../../src/discord/kinds/lab-modal.js';
import { defaultsTexts } from '../../src/discord/texts/defaults-texts.js';
import { english } from '../../src/discord/texts/english.js';
import { failureCodes, failureText } from '../../src/discord/texts/failure-texts.js';
import { german } from '../../src/discord/texts/german.js';
import { textsFor } from '../../src/discord/texts/texts.js';

/** Returns the paths of all texts in a tree of texts, such as `job.cancelled.owner`. */
function paths(texts: object, prefix = ''): readonly string[] {
  return Object.entries(texts).flatMap(([key, value]) =>
    typeof value === 'object' ? paths(value, `${prefix}${key}.`) : [`${prefix}${key}`],
  );
}

describe('texts', () => {
  it('are in the language of the locale, and in English where there is none', () => {
    expect(textsFor('de')).toBe(german);
    expect(textsFor('fr')).toBe(english);
    expect(textsFor('en-GB')).toBe(english);
  });

  it('are all there in German; what an English picture error says itself has a German text', () => {
    const inGerman = paths(german);
    const missing = paths(english).filter((path) => !inGerman.includes(path));
    const added = inGerman.filter((path) => !paths(english).includes(path));
    expect(missing).toEqual([]);
    expect(added.every((path) => path.startsWith('errors.image/'))).toBe(true);
  });

  it('of failures are all there in German, too', () => {
    expect(failureCodes('de')).toEqual(failureCodes('en'));
  });

  it('of kinds of orders are all there in German, too', () => {
    for (const { en, de } of [...kinds.map(({ texts }) => texts), againTexts, labModalTexts, defaultsTexts]) {
      expect(paths(de)).toEqual(paths(en));
    }
  });

  it('keep to the 100 characters that Discord gives to descriptions, and the 32 of command names', () => {
    const ofKinds = kinds.flatMap(({ texts: { en, de } }) => [en.command, de.command]);
    for (const all of [
      english.commands,
      german.commands,
      defaultsTexts.en.command,
      defaultsTexts.de.command,
      ...ofKinds,
    ]) {
      for (const [path, text] of texts(all)) {
        expect(text.length, path).toBeGreaterThan(0);
        expect(text.length, path).toBeLessThanOrEqual(path.endsWith('Menu') ? 32 : 100);
      }
    }
  });

  it('name the picture that an error is about, and tell an unknown code as something unexpected', () => {
    const empty = {
      code: 'image/empty',
      context: { input: 'style', message: 'This file is empty; send another one.' },
    };
    expect(failureText(english, empty)).toBe('**The style picture:** The file is empty.');
    expect(failureText(german, empty)).toBe('**Das Stilbild:** Die Datei ist leer.');
    expect(failureText(english, { code: 'what-is-this', context: { id: 'abc' } })).toContain('`abc`');
  });
});

function texts(tree: object, prefix = ''): readonly (readonly [string, string])[] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'object' ? texts(value, `${prefix}${key}.`) : [[`${prefix}${key}`, String(value)] as const],
  );
}
