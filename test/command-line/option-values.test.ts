import { InvalidArgumentError } from 'commander';
import { describe, expect, it } from 'vitest';
import { layerWeights, weight, wholeNumber } from '../../src/command-line/option-values.js';

describe('layers with weights', () => {
  it.each<[string, Readonly<Record<string, number>>]>([
    ['relu3_2', { relu3_2: 1 }],
    ['relu3_2:.5,relu4_1:1', { relu3_2: 0.5, relu4_1: 1 }],
    [' conv1_1:2 , relu1_1 ', { conv1_1: 2, relu1_1: 1 }],
    ['relu1_1:1e-3', { relu1_1: 0.001 }],
  ])('are read from "%s"', (text, weights) => {
    expect(layerWeights(text)).toEqual(weights);
  });

  it.each<[string, RegExp]>([
    ['', /no layer "".*relu3_2/],
    ['relu3_2,', /no layer ""/],
    ['nonsense', /no layer "nonsense".*conv3_2.*relu3_2/],
    ['__proto__:1', /no layer "__proto__"/],
    ['relu3_2:', /a number from 0 to 1000000/],
    ['relu3_2:much', /a number from 0 to 1000000/],
    ['relu3_2:-1', /a number from 0 to 1000000/],
    ['relu3_2:Infinity', /a number from 0 to 1000000/],
    ['relu3_2:0', /weight of relu3_2 must be above 0/],
    ['relu3_2:1:2', /"relu3_2:1:2" has two colons/],
    ['relu3_2,relu3_2:2', /relu3_2 is there twice/],
  ])('are not read from "%s"', (text, message) => {
    expect(() => layerWeights(text)).toThrow(InvalidArgumentError);
    expect(() => layerWeights(text)).toThrow(message);
  });
});

describe('a whole number', () => {
  it('is read within its bounds', () => {
    expect(['1', '10', '7'].map(wholeNumber(1, 10))).toEqual([1, 10, 7]);
  });

  it.each(['0', '11', '1.5', '', ' ', 'seven', '7px', 'NaN', '-1'])('is not "%s"', (text) => {
    expect(() => wholeNumber(1, 10)(text)).toThrow('It must be a whole number from 1 to 10.');
  });
});

describe('a weight', () => {
  it('is a number from 0 up', () => {
    expect(['0', '.5', '1e6'].map(weight)).toEqual([0, 0.5, 1e6]);
  });

  it.each(['-0.1', '1000001', 'Infinity', 'NaN', '', 'x'])('is not "%s"', (text) => {
    expect(() => weight(text)).toThrow('It must be a number from 0 to 1000000.');
  });
});
