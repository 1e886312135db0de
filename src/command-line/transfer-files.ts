import { CodedError } from '../coded-error.js';
import { pictureDigest } from '../imaging/picture-digest.js';
import type { Preset } from '../presets/presets.js';
import { type DigestedPicture, digestedPicture, type RecipePictures } from '../transfer/recipe/recipe-pictures.js';
import { readPictureFile } from './picture-files.js';
import { presetStyle } from './preset-style.js';
import { parseStyle, type StyleFile, weighedStyles } from './style-arguments.js';

/** What the command line gives of the pictures of a style transfer. */
export interface GivenPictures {
  readonly content?: string | undefined;
  /** Styles as they were written, with or without weights. */
  readonly styles: readonly string[];
  readonly preset?: string | undefined;
  readonly mask?: string | undefined;
}

/** The files of a style transfer, and the settings that suit its styles. */
export interface TransferFiles {
  readonly contentPath: string;
  readonly styles: readonly StyleFile[];
  readonly maskPath: string | undefined;
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
  const { styles, recipe } = await stylesOf(given, named, lack);
  if (maskPath === undefined && named.mask) lack('the mask', named.mask);
  if (contentPath === undefined || lacking.length > 0) {
    throw new CodedError(
      'usage',
      'pictures-lacking',
      `The recipe needs pictures that were not given: ${lacking.join(', ')}. ` +
        'Give their files: whitewalker stylize CONTENT STYLE... --mask MASK --recipe TEXT.',
    );
  }
  return { contentPath, styles, maskPath, recipe };
}

async function stylesOf(
  { styles: texts, preset }: GivenPictures,
  { styles: named, mix }: RecipePictures,
  lack: (what: string, picture: DigestedPicture) => void,
): Promise<Pick<TransferFiles, 'styles' | 'recipe'>> {
  if (preset !== undefined && texts.length === 0) {
    const { style, recipe } = presetStyle(preset);
    return { styles: weighedStyles([style]), recipe };
  }
  if (preset !== undefined || (texts.length === 0 && named === undefined)) {
    throw new CodedError(
      'usage',
      'style-or-preset',
      'Give either the picture of a style, or --preset with the name of one that comes with the program.',
    );
  }
  const given = texts.map(parseStyle);
  if (named === undefined) return { styles: weighedStyles(given, mix), recipe: {} };
  const digested = await Promise.all(
    given.map(async (style) => ({ style, digest: pictureDigest(await readPictureFile(style.path)) })),
  );
  const isOfRecipe = (digest: string) => named.some((style) => 'digest' in style && style.digest === digest);
  // Other pictures than those of the recipe take the place of all of its styles.
  if (!digested.every(({ digest }) => isOfRecipe(digest))) return { styles: weighedStyles(given, mix), recipe: {} };
  const found = named.map((style, index) => {
    if ('preset' in style) return presetStyle(style.preset);
    const file = digested.find(({ digest }) => digest === style.digest)?.style;
    if (file === undefined) lack(named.length === 1 ? 'the style' : `style ${index + 1}`, style);
    return { style: file, recipe: {} };
  });
  const styles = found.flatMap(({ style }) => style ?? []);
  return { styles: styles.length < named.length ? [] : weighedStyles(styles, mix), recipe: found[0]?.recipe ?? {} };
}
