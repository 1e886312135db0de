import { parseStyleColor, type StyleColor } from '../area/colored-mask.js';
import { recipeError } from './recipe-error.js';
import { formatNumber, type ValueKind } from './recipe-values.js';
import { boundsInWords, numberWithin, transferBounds } from './transfer-bounds.js';

/** A picture that a recipe names by the digest of its file, see `imaging/picture-digest.ts`. */
export interface DigestedPicture {
  readonly digest: string;
}

/** A style that a recipe names: a preset, or a picture by its digest. */
export type RecipeStyle = { readonly preset: string } | DigestedPicture;

/** All that a recipe can say of pictures. */
export interface NamedPictures {
  readonly content: DigestedPicture;
  readonly styles: readonly RecipeStyle[];
  /** How much each of several styles counts. */
  readonly mix: readonly number[];
  readonly mask: DigestedPicture;
  /** The colour of the mask that each style is for. */
  readonly colors: readonly StyleColor[];
}

/** The pictures that a recipe names, and the mix of its styles. What is undefined is up to whoever uses the recipe. */
export type RecipePictures = { readonly [Part in keyof NamedPictures]?: NamedPictures[Part] | undefined };

const digestInWords = 'sha256: and the first 16 digits of the SHA-256 of its file';

/** A picture as text: `sha256:` and the first 16 digits, of which a whole SHA-256 may follow the others. */
export const digestedPicture: ValueKind<DigestedPicture> = {
  parse: (text) => {
    const [, digest] = /^sha256:([0-9a-f]{16})[0-9a-f]{0,48}$/.exec(text) ?? [];
    if (digest !== undefined) return { digest };
    throw recipeError('no-picture', `It must be ${digestInWords}.`);
  },
  format: ({ digest }) => `sha256:${digest}`,
};

/** Styles as text: `white-walker,sha256:0f1e2d3c4b5a6978`. */
export const recipeStyles: ValueKind<readonly RecipeStyle[]> = {
  parse: (text) => {
    const styles = text.split(',').map(parseStyle);
    const { max } = transferBounds.styles;
    if (styles.length <= max) return styles;
    throw recipeError('too-many-styles', `It must be at most ${max} styles.`, { max });
  },
  format: (styles) =>
    styles.map((style) => ('preset' in style ? style.preset : digestedPicture.format(style))).join(','),
};

function parseStyle(text: string): RecipeStyle {
  if (/^[\p{L}\p{N}_-]+$/u.test(text)) return { preset: text };
  if (text.startsWith('sha256:')) return digestedPicture.parse(text);
  throw recipeError('no-picture', `Each style must be the name of a preset, or ${digestInWords}.`);
}

/** Shares of styles as text: `2:1`. People write `2/1` and `1,5:1`, too. */
export const styleMix: ValueKind<readonly number[]> = {
  parse: (text) => {
    const shares = text.split(/[:/]/).map((share) => numberWithin(transferBounds.weight, share.replace(',', '.')));
    const mix = shares.filter((share) => share !== undefined);
    if (mix.length === shares.length && mix.length > 1 && mix.some((share) => share > 0)) return mix;
    const words = boundsInWords(transferBounds.weight);
    throw recipeError('no-mix', `It must be ${words} for each style, with colons between, and one above 0: 2:1.`);
  },
  format: (mix) => mix.map(formatNumber).join(':'),
};

/** Colours of styles as text: `#ff0000,#00ff00,rest`. */
export const styleColors: ValueKind<readonly StyleColor[]> = {
  parse: (text) => {
    const colors = text.split(',').map((color) => {
      const known = parseStyleColor(color);
      if (known !== undefined) return known;
      throw recipeError('no-colors', 'It must be a colour of the mask for each style, or rest: #ff0000,#00ff00,rest.');
    });
    const { max } = transferBounds.styles;
    if (colors.length <= max) return colors;
    throw recipeError('too-many-styles', `It must be colours of at most ${max} styles.`, { max });
  },
  format: (colors) => colors.join(','),
};
