import { z } from 'zod';
import { type InputSource, presetReferenceSchema } from '../../jobs/job.js';
import { builtInPreset } from '../../presets/presets.js';
import type { StyleColor } from '../../transfer/area/colored-mask.js';
import type { RecipePictures, RecipeStyle } from '../../transfer/recipe/recipe-pictures.js';
import { styleInput } from '../../works/style-transfer.js';
import type { ChosenStyle } from '../style-options.js';
import { UserError } from '../user-error.js';

/** One of the styles of a blend. */
export const labStyleSchema = z.object({
  /** The preset or kept style; undefined for a picture of the person's own. */
  preset: presetReferenceSchema.optional(),
  /** Share of the style in the blend. */
  weight: z.number(),
});
export type LabStyle = Readonly<z.infer<typeof labStyleSchema>>;

/** A style of a blend, and where its picture comes from. */
export interface LabStyleWish extends LabStyle {
  readonly style: InputSource;
}

/** The pictures of a transfer with all controls. */
export interface LabPictures {
  readonly content: InputSource;
  readonly styles: readonly LabStyleWish[];
  readonly mask: InputSource | undefined;
  /** The colour of the mask that each style is for; undefined where it has none. */
  readonly colors: readonly StyleColor[] | undefined;
}

/** Pictures that are given beside a recipe. They win over those that it names. */
export interface PicturesBeside {
  readonly content?: InputSource | undefined;
  /** The styles by their place; undefined where none is given for a place. */
  readonly styles?: readonly (ChosenStyle | undefined)[];
  readonly mix?: readonly number[] | undefined;
  readonly mask?: InputSource | undefined;
}

/** Most styles of one picture: each is decoded and held beside the others. */
const mostStyles = 4;

/**
 * Returns the pictures that somebody wants: those that they give, else those that their recipe names, else the usual ones.
 * @param find - returns the picture of a digest; undefined where it isn't kept, or not to be taken here.
 * @throws UserError `recipe-lacks` with the names of the pictures that are lacking; `unknown-preset`; `mix-…`;
 *   `colors-for-styles`.
 */
export function labPictures(
  beside: PicturesBeside,
  named: RecipePictures = {},
  usual: { readonly [Part in keyof LabPictures]?: LabPictures[Part] | undefined },
  find: (digest: string) => ChosenStyle | undefined,
): LabPictures {
  const lacking: string[] = [];
  const found = (name: RecipeStyle | undefined, option: string): ChosenStyle | undefined => {
    if (name === undefined) return undefined;
    const picture = 'preset' in name ? ofPreset(name.preset) : find(name.digest);
    if (picture === undefined) lacking.push(option);
    return picture;
  };
  const content = beside.content ?? found(named.content, 'content')?.style ?? usual.content;
  const styles = stylesOf(beside.styles ?? [], named.styles ?? [], usual.styles ?? [], found);
  const mask = beside.mask ?? found(named.mask, 'mask')?.style ?? usual.mask;
  const { colors } = named;
  if (colors && mask === undefined && !lacking.includes('mask')) lacking.push('mask');
  if (lacking.length > 0) throw new UserError('recipe-lacks', { pictures: lacking.join(', ') });
  if (content === undefined) throw new UserError('picture-needed');
  if (styles.length > mostStyles) throw new UserError('too-many-styles', { max: mostStyles });
  if (colors && colors.length !== styles.length) {
    throw new UserError('colors-for-styles', { colors: colors.join(','), styles: styles.length });
  }
  return { content, styles: mixed(styles, beside.mix, named.mix), mask, colors };
}

function stylesOf(
  given: readonly (ChosenStyle | undefined)[],
  named: readonly RecipeStyle[],
  usual: readonly LabStyleWish[],
  found: (name: RecipeStyle | undefined, option: string) => ChosenStyle | undefined,
): readonly LabStyleWish[] {
  const count = Math.max(given.length, named.length);
  if (count === 0) return usual;
  return Array.from({ length: count }, (_, place) => {
    const style = given[place] ?? found(named[place], styleInput(place)) ?? (place === 0 ? usual[0] : undefined);
    return style ? [{ ...style, weight: 1 }] : [];
  }).flat();
}

/** Gives styles the shares of a mix. A recipe's mix for more or fewer styles says nothing about these. */
function mixed(
  styles: readonly LabStyleWish[],
  given: readonly number[] | undefined,
  named: readonly number[] | undefined,
): readonly LabStyleWish[] {
  if (given && styles.length < 2) throw new UserError('mix-needs-two-styles');
  if (given && given.length !== styles.length) throw new UserError('bad-mix', { text: given.join(':') });
  const mix = given ?? (named?.length === styles.length ? named : undefined);
  return styles.map((style, place) => ({ ...style, weight: mix?.[place] ?? style.weight }));
}

function ofPreset(name: string): ChosenStyle {
  if (builtInPreset(name) === undefined) throw new UserError('unknown-preset', { name });
  return { style: { kind: 'preset', preset: { name } }, preset: { name } };
}
