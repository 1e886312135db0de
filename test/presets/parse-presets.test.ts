import { describe, expect, it } from 'vitest';
import { isCoded } from '../../src/coded-error.js';
import { parsePresets } from '../../src/presets/parse-presets.js';

const frost = {
  name: 'frost',
  title: { en: 'Frost', de: 'Frost' },
  description: { en: 'Frost on a window.', de: 'Eisblumen am Fenster.' },
  file: 'frost.jpg',
  thumbnail: 'thumbnails/frost.jpg',
  accent: '#9ee3ff',
  transfer: { weights: { style: 3 }, layers: { content: { relu4_1: 1 } }, start: 'content' },
};

function fieldOfError(presets: unknown): unknown {
  try {
    parsePresets({ presets });
  } catch (error) {
    if (isCoded(error, 'preset')) return error.context.field;
    throw error;
  }
  return 'none';
}

describe('parsePresets', () => {
  it('takes a preset as it is, and one without a recipe', () => {
    expect(parsePresets({ presets: [frost] })).toEqual([frost]);
    const { transfer: _, ...plain } = frost;
    expect(parsePresets({ presets: [plain] })).toEqual([{ ...plain, transfer: {} }]);
  });

  it('says what was expected and what came', () => {
    expect(() => parsePresets({ presets: [{ ...frost, name: 'Frost!' }] })).toThrow(
      'presets.json: expected presets[0].name to be 1 to 32 lower-case letters, digits and hyphens, got "Frost!"',
    );
    expect(() => parsePresets({})).toThrow(
      'presets.json: expected presets to be a list of at least one preset, got undefined',
    );
  });

  it.each<[string, unknown]>([
    ['presets', []],
    ['presets[0]', ['frost']],
    ['presets[0]', [{ ...frost, tranfser: {} }]],
    ['presets[1].name', [frost, frost]],
    ['presets[0].title.de', [{ ...frost, title: { en: 'Frost' } }]],
    ['presets[0].title', [{ ...frost, title: { ...frost.title, fr: 'Givre' } }]],
    ['presets[0].description.en', [{ ...frost, description: { en: 'x'.repeat(101), de: 'x' } }]],
    ['presets[0].file', [{ ...frost, file: '../weights/frost.jpg' }]],
    ['presets[0].file', [{ ...frost, file: '/etc/frost.jpg' }]],
    ['presets[0].thumbnail', [{ ...frost, thumbnail: 'frost.svg' }]],
    ['presets[0].accent', [{ ...frost, accent: 'ice' }]],
    ['presets[0].transfer', [{ ...frost, transfer: { epochs: 3 } }]],
    ['presets[0].transfer.weights', [{ ...frost, transfer: { weights: { stlye: 3 } } }]],
    ['presets[0].transfer.weights.style', [{ ...frost, transfer: { weights: { style: -1 } } }]],
    ['presets[0].transfer.layers.style', [{ ...frost, transfer: { layers: { style: {} } } }]],
    ['presets[0].transfer.layers.style.relu1_1', [{ ...frost, transfer: { layers: { style: { relu1_1: '1' } } } }]],
    ['presets[0].transfer.start', [{ ...frost, transfer: { start: 'random' } }]],
  ])('names %s as what is wrong', (field, presets) => {
    expect(fieldOfError(presets)).toBe(field);
  });
});
