import { InvalidArgumentError } from 'commander';
import { describe, expect, it } from 'vitest';
import { recipe, recipeValue, within } from '../../src/command-line/option-values.js';
import { transferBounds } from '../../src/transfer/recipe/transfer-bounds.js';

describe('a number', () => {
  it('is read within its bounds', () => {
    expect(['1', '10', '7'].map(within({ min: 1, max: 10, isWhole: true }))).toEqual([1, 10, 7]);
    expect(['0', '.5', '1e6'].map(within(transferBounds.weight))).toEqual([0, 0.5, 1e6]);
  });

  it.each(['0', '11', '1.5', '', ' ', 'seven', '7px', 'NaN', '-1', '0x7', '0b11', '1_0', '1e0', '1.0', '+1'])(
    'is not "%s"',
    (text) => {
      const parse = () => within({ min: 1, max: 10, isWhole: true })(text);
      expect(parse).toThrow(InvalidArgumentError);
      expect(parse).toThrow('It must be a whole number from 1 to 10.');
    },
  );

  it.each(['-0.1', '1000001', 'Infinity', 'x'])('is no weight if it is "%s"', (text) => {
    expect(() => within(transferBounds.weight)(text)).toThrow('It must be a number from 0 to 1000000.');
  });
});

describe('the value of a key', () => {
  it('is a recipe that says nothing else', () => {
    expect(recipeValue('style-layers')(' conv1_1:2 , relu1_1 ')).toEqual({
      layers: { style: { conv1_1: 2, relu1_1: 1 } },
    });
    expect(recipeValue('epochs')('60,25,15')).toEqual({ scaleEpochs: [60, 25, 15] });
  });

  it.each<[Parameters<typeof recipeValue>[0], string, RegExp]>([
    ['style-layers', '', /^There is no layer "".*relu3_2/],
    ['style-layers', 'relu3_2,', /no layer ""/],
    ['style-layers', '__proto__:1', /no layer "__proto__"/],
    ['style-layers', 'relu3_2:', /^A weight must be a number from 0 to 1000000\.$/],
    ['style-layers', 'relu3_2:Infinity', /a number from 0 to 1000000/],
    ['size', '3', /^It must be a whole number from 32 to 4096\.$/],
    ['init', 'y', /^It must be one of recolored, content, noise, style\.$/],
  ])('of %s is not "%s"', (key, text, message) => {
    expect(() => recipeValue(key)(text)).toThrow(InvalidArgumentError);
    expect(() => recipeValue(key)(text)).toThrow(message);
  });
});

describe('a recipe as an option', () => {
  it('is read as anywhere else, and refused with what is wrong', () => {
    expect(recipe('`size=64 seed=2`')).toEqual({ size: 64, seed: 2 });
    expect(() => recipe('size=9')).toThrow(InvalidArgumentError);
    expect(() => recipe('size=9')).toThrow('size=9: It must be a whole number from 32 to 4096.');
  });
});
