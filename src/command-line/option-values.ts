import { InvalidArgumentError } from 'commander';
import { type CodedError, isCoded } from '../coded-error.js';
import { parseLayer } from '../engine/topology.js';
import type { Rgb } from '../imaging/opacity.js';
import { parseStyleColor, type StyleColor } from '../transfer/area/colored-mask.js';
import { type LabRecipe, parseRecipe, parseRecipeValue, type RecipeKeyName } from '../transfer/recipe/recipe.js';
import { boundsInWords, type NumberBounds, numberWithin } from '../transfer/recipe/transfer-bounds.js';

// This file parses values of options. Every parser throws commander's InvalidArgumentError, which says what is allowed.

/** Returns a parser of numbers within bounds. @param hint - a sentence that follows the refusal of others. */
export function within(bounds: NumberBounds, hint?: string) {
  return (text: string): number => {
    const number = numberWithin(bounds, text);
    if (number !== undefined) return number;
    throw new InvalidArgumentError(`It must be ${boundsInWords(bounds)}.${hint ? ` ${hint}` : ''}`);
  };
}

/** Colours that have a name on the command line. */
const namedColors: Readonly<Record<string, string>> = { black: '#000', white: '#fff' };

/** Parses a colour: `white`, `black`, `#rgb` or `#rrggbb`. */
export function color(text: string): Rgb {
  const name = text.trim().toLowerCase();
  const hex = (Object.hasOwn(namedColors, name) ? namedColors[name] : undefined) ?? name;
  const [, red, green, blue] = /^#(..?)(..?)(..?)$/.exec(hex) ?? [];
  const channels = [red, green, blue].map((digits = '') => {
    return /^[\da-f]+$/.test(digits) ? Number.parseInt(digits.padEnd(2, digits), 16) / 255 : Number.NaN;
  });
  const [r = Number.NaN, g = Number.NaN, b = Number.NaN] = channels;
  if ((hex.length === 4 || hex.length === 7) && channels.every(Number.isFinite)) return [r, g, b];
  throw new InvalidArgumentError('It must be white, black or a colour such as #2b2d31.');
}

/** A style's file for the parts of the mask that have a colour. */
export interface PlacedStyle {
  readonly color: StyleColor;
  /** The file as it was written, with or without a weight. */
  readonly style: string;
}

/** Parses the style of a colour, `#ff0000=ice.jpg`, and adds it to those before. */
export function anotherPlacedStyle(text: string, before: readonly PlacedStyle[] = []): readonly PlacedStyle[] {
  const [, name = '', style = ''] = /^([^=]*)=(.+)$/s.exec(text) ?? [];
  const placed = parseStyleColor(name);
  if (placed !== undefined && style !== '') return [...before, { color: placed, style }];
  throw new InvalidArgumentError(
    "It must be a colour of the mask, or rest, and a picture or a preset, such as '#ff0000=ice.jpg' or '#ff0000=preset:wildfire'.",
  );
}

/** Parses names of different layers, "relu1_1,relu2_1". Whether a network has them is not checked. */
export function layerNames(text: string): readonly string[] {
  const names = text.split(',').map((name) => name.trim());
  for (const [index, name] of names.entries()) {
    if (names.indexOf(name) < index) throw new InvalidArgumentError(`"${name}" is there twice.`);
    try {
      parseLayer(name);
    } catch (error) {
      throw isCoded(error, 'engine', 'unknown-layer') ? new InvalidArgumentError(error.message) : error;
    }
  }
  return names;
}

/** Returns a parser of values for a key of recipes. The parsed value is a recipe with no other key. */
export function recipeValue(key: RecipeKeyName) {
  return (text: string): LabRecipe =>
    // Commander itself names option and value, so only the cause is passed on, which says what is possible.
    asArgument(
      () => parseRecipeValue(key, text.trim()),
      ({ message, cause }) => (cause instanceof Error ? cause.message : message),
    );
}

/** Parses a whole recipe. */
export function recipe(text: string): LabRecipe {
  return asArgument(
    () => parseRecipe(text),
    ({ message }) => message,
  );
}

function asArgument<Value>(parse: () => Value, say: (error: CodedError) => string): Value {
  try {
    return parse();
  } catch (error) {
    throw isCoded(error, 'recipe') ? new InvalidArgumentError(say(error)) : error;
  }
}
