import { existsSync } from 'node:fs';
import { CodedError } from '../coded-error.js';
import { pictureDigest } from '../imaging/picture-digest.js';
import type { Preset } from '../presets/presets.js';
import type { StyleColor } from '../transfer/area/colored-mask.js';
import { type DigestedPicture, digestedPicture, type RecipePictures } from '../transfer/recipe/recipe-pictures.js';
import { transferBounds } from '../transfer/recipe/transfer-bounds.js';
import type { PlacedStyle } from './option-values.js';
import { readPictureFile } from './picture-files.js';
import { type PresetStyle, presetStyle, styleOrPreset } from './preset-style.js';
import { parseStyle, type StyleFile, weighedStyles } from './style-arguments.js';

/** What the command line gives of the pictures of a style transfer. */
export interface GivenPictures {
  readonly content?: string | undefined;
  /** Styles as they were written, with or without weights. */
  readonly styles: readonly string[];
  readonly preset?: string | undefined;
  readonly mask?: string | undefined;
  /** Styles for parts of the mask; the other styles are then for the rest of it. */
  readonly placed?: readonly PlacedStyle[] | undefined;
}

/** The files of a style transfer, and the settings that suit its styles. */
export interface TransferFiles {
  readonly contentPath: string;
  readonly styles: readonly StyleFile[];
  readonly maskPath: string | undefined;
  /** The colour of the mask that each style is for; undefined where it has none. */
  readonly styleColors: readonly StyleColor[] | undefined;
  readonly recipe: Preset['transfer'];
}

/**
 * Returns the files that are given, and for the rest those that a recipe names. Presets are with the program; of other
 * pictures a recipe has the digest only, so their files have to be given.
 * @throws CodedError `usage/…`, also where a picture of the recipe is lacking.
 */
export async function transferFiles(given: GivenPictures, named: RecipePictures = {}): Promise<TransferFiles> {
  const lacking: string[] = [];
  const lack = (what: string, picture: DigestedPicture) => {
    lacking.push(`${what} (${digestedPicture.format(picture)})`);
  };
  const { content: contentPath, mask: maskPath } = given;
  if (contentPath === undefined && !named.content) {
    throw new CodedError('usage', 'no-content', 'Give the picture to be painted: whitewalker stylize CONTENT STYLE.');
  }
  if (contentPath === undefined && named.content) lack('the content', named.content);
  const { styles, styleColors, recipe } = await (given.placed
    ? placedStyles(given, given.placed, named)
    : stylesOf(given, named, lack));
  if (maskPath === undefined && named.mask) lack('the mask', named.mask);
  if (contentPath === undefined || lacking.length > 0) {
    throw new CodedError(
      'usage',
      'pictures-lacking',
      `The recipe needs pictures that were not given: ${lacking.join(', ')}. ` +
        'Give their files: whitewalker stylize CONTENT STYLE... --mask MASK --recipe TEXT.',
    );
  }
  if (styleColors && maskPath === undefined) {
    throw new CodedError(
      'usage',
      'no-mask',
      'Styles for colours need --mask: a picture that has those colours where the styles are to go.',
    );
  }
  return { contentPath, styles, maskPath, styleColors, recipe };
}

type Styles = Pick<TransferFiles, 'styles' | 'styleColors' | 'recipe'>;

/** Returns the styles for colours of the mask, after those for the rest of it; they take the place of a recipe's. */
function placedStyles(
  { styles: texts, preset }: GivenPictures,
  placed: readonly PlacedStyle[],
  { mix }: RecipePictures,
): Styles {
  if (preset !== undefined && texts.length > 0) throw styleOrPreset();
  const ofPreset = preset === undefined ? undefined : presetStyle(preset);
  const rest = ofPreset ? [ofPreset] : texts.map((text) => ({ style: parseStyle(text), recipe: {} }));
  const all = [...rest, ...placed.map(({ style }) => placedStyle(style))];
  const styleColors = [...rest.map(() => 'rest' as const), ...placed.map(({ color }) => color)];
  const { max } = transferBounds.styles;
  if (styleColors.length > max) {
    throw new CodedError('usage', 'too-many-styles', `There can be at most ${max} styles; leave some out.`);
  }
  const styles = weighedStyles(
    all.map(({ style }) => style),
    mix,
  );
  // As where a recipe names the styles: so the printed one makes the same picture again.
  return { styles, styleColors, recipe: all[0]?.recipe ?? {} };
}

const presetPrefix = 'preset:';

/** Returns the style of a colour: a file's or, as `preset:NAME`, one that comes with the program; each may have a weight. */
function placedStyle(text: string): PresetStyle {
  const style = parseStyle(text);
  if (!style.path.startsWith(presetPrefix) || existsSync(style.path)) return { style, recipe: {} };
  const preset = presetStyle(style.path.slice(presetPrefix.length));
  return { ...preset, style: { ...preset.style, weight: style.weight } };
}

async function stylesOf(
  { styles: texts, preset }: GivenPictures,
  { styles: named, mix, colors }: RecipePictures,
  lack: (what: string, picture: DigestedPicture) => void,
): Promise<Styles> {
  const alone = { styleColors: undefined, recipe: {} };
  if (preset !== undefined && texts.length === 0) {
    const { style, recipe } = presetStyle(preset);
    return { styles: weighedStyles([style]), styleColors: undefined, recipe };
  }
  if (preset !== undefined || (texts.length === 0 && named === undefined)) {
    throw styleOrPreset();
  }
  const given = texts.map(parseStyle);
  if (named === undefined) return { styles: weighedStyles(given, mix), ...alone };
  const digested = await Promise.all(
    given.map(async (style) => ({ style, digest: pictureDigest(await readPictureFile(style.path)) })),
  );
  const isOfRecipe = (digest: string) => named.some((style) => 'digest' in style && style.digest === digest);
  // Other pictures than those of the recipe take the place of all of its styles.
  if (!digested.every(({ digest }) => isOfRecipe(digest))) return { styles: weighedStyles(given, mix), ...alone };
  const found = named.map((style, index) => {
    if ('preset' in style) return presetStyle(style.preset);
    const file = digested.find(({ digest }) => digest === style.digest)?.style;
    if (file === undefined) lack(named.length === 1 ? 'the style' : `style ${index + 1}`, style);
    return { style: file, recipe: {} };
  });
  const styles = found.flatMap(({ style }) => style ?? []);
  return {
    styles: styles.length < named.length ? [] : weighedStyles(styles, mix),
    styleColors: colors?.length === named.length ? colors : undefined,
    recipe: found[0]?.recipe ?? {},
  };
}
