import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { addRecipeOptions, recipeOf } from '../../src/command-line/recipe-options.js';
import type { LabRecipe } from '../../src/transfer/recipe/recipe.js';

function parsed(...args: readonly string[]): LabRecipe {
  const command = addRecipeOptions(new Command().exitOverride().configureOutput({ writeErr: () => {} }));
  return recipeOf(command.parse(args, { from: 'user' }));
}

describe('options of a recipe', () => {
  it('say what they say, and nothing where they are not given', () => {
    expect(parsed()).toEqual({});
    expect(parsed('--size', '64', '--epochs', '6,2,1', '--tv-weight', '0', '--style-weight', '3')).toEqual({
      size: 64,
      scaleEpochs: [6, 2, 1],
      weights: { tv: 0, style: 3 },
    });
    const rates = ['--optimizer', 'adam', '--learning-rate', '.1', '--history', '4', '--style-scale', '2'];
    expect(parsed(...rates)).toEqual({ optimizer: 'adam', learningRate: 0.1, history: 4, styleScale: 2 });
  });

  it('win over a recipe, wherever it stands', () => {
    const recipe = 'size=64 epochs=6,2,1 seed=5 style-weight=3';
    const expected = { size: 64, epochs: 7, seed: 9, weights: { style: 3, content: 2 } };
    const flags = ['--epochs', '7', '--seed', '9', '--content-weight', '2'];
    expect(parsed('--recipe', recipe, ...flags)).toEqual(expected);
    expect(parsed(...flags, '--recipe', recipe)).toEqual(expected);
  });

  it('may name several regions', () => {
    const [left, right] = [
      { left: 0, top: 0, width: 20, height: 100 },
      { left: 80, top: 0, width: 20, height: 100 },
    ];
    expect(parsed('--region', '0,0,20,100', '--region', '80,0,20,100')).toEqual({ regions: [left, right] });
    expect(parsed('--region', '0,0,20,100;80,0,20,100')).toEqual({ regions: [left, right] });
    expect(() => parsed('--region', '0,0,20')).toThrow(/left,top,width,height/);
  });

  it('keep colours in the better way where none is said', () => {
    expect(parsed('--keep-colors')).toEqual({ keepColors: 'luminance' });
    expect(parsed('--keep-colors', '--size', '64')).toEqual({ keepColors: 'luminance', size: 64 });
    expect(parsed('--keep-colors', 'match')).toEqual({ keepColors: 'match' });
    expect(() => parsed('--keep-colors', 'some')).toThrow(/'some' is invalid.*luminance, match/);
  });
});
