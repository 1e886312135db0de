import { ButtonStyle } from 'discord.js';
import { z } from 'zod';
import { isCoded } from '../../coded-error.js';
import { networkTitles } from '../../engine/topology.js';
import type { InputSource, ResultFacts } from '../../jobs/job.js';
import { type ServerSettings, settingBounds } from '../../settings/server-settings.js';
import type { StyleColor } from '../../transfer/area/colored-mask.js';
import { formatRecipe, type LabRecipe, mergeRecipes, parseRecipe } from '../../transfer/recipe/recipe.js';
import {
  namedPictures,
  styleColorSchema,
  styleInput,
  styleTransferFindingsSchema,
} from '../../works/style-transfer.js';
import type { InputName } from '../../works/work.js';
import { withFrames } from '../../works/works.js';
import { accentOfPreset } from '../accent.js';
import type { ComponentInteraction } from '../command.js';
import { takeRequest } from '../intake.js';
import { serverOf } from '../permissions.js';
import { pictureByDigest, pictureOfJob, resultOf } from '../picture-by-digest.js';
import { nameOfBuiltIn, styleTitle, tunedBy } from '../style-choice.js';
import { type Texts, textsFor } from '../texts/texts.js';
import { UserError } from '../user-error.js';
import { type Entered, type Finished, factsWithOrigin, type Kind, line, orderOfKind } from './kind.js';
import {
  formOfEntered,
  labAnswers,
  labEntered,
  labModal,
  labModalAction,
  labModalTexts,
  longestSettings,
  recipeTextOf,
} from './lab-modal.js';
import { type LabStyleWish, labPictures, labStyleSchema } from './lab-pictures.js';
import { labTexts } from './lab-texts.js';
import { requireLayers } from './layers.js';
import { checkEpochs, measuresFor } from './measures.js';
import { moreEpochs } from './more-epochs.js';
import { inputAgain, type Request, type Showing, showingOf } from './request.js';
import { paintedWords } from './style-transfer.js';

const orderSchema = orderOfKind('lab', {
  /** The recipe without its pictures, as text; the order's `size` and `epochs` say the same in numbers. */
  recipe: z.string(),
  /** The styles of the blend, in the order of the inputs `style`, `style-2`, … */
  styles: z.array(labStyleSchema).min(1).readonly(),
  /** Whether an input `mask` says where the style goes. */
  hasMask: z.boolean(),
  /** The colour that the mask has where each style goes; undefined: it is white. */
  styleColors: z.array(styleColorSchema).readonly().optional(),
  /** Address of the message whose picture was taken as the content, where it was one. */
  takenFrom: z.string().optional(),
});
type LabOrder = z.infer<typeof orderSchema>;

/** What somebody asks of `/lab`; what the recipe leaves open is up to the preset, the server, and the defaults. */
export interface LabWishes extends Showing {
  readonly content: InputSource;
  readonly styles: readonly LabStyleWish[];
  readonly mask?: InputSource | undefined;
  /** The colour of the mask that each style is for. */
  readonly colors?: readonly StyleColor[] | undefined;
  /** Address of the message whose picture the content is. */
  readonly takenFrom?: string | undefined;
  readonly recipe: Omit<LabRecipe, 'pictures'>;
}

/** Most steps that L-BFGS may remember: each takes two copies of the picture, whose size is up to the server. */
export const longestHistory = 20;

/**
 * Returns a `lab` request, which throws UserError where the server or the network doesn't allow the recipe, or where parts of
 * it don't go together.
 */
export function labRequest({
  content,
  styles,
  mask,
  colors,
  takenFrom,
  recipe: wanted,
  ...showing
}: LabWishes): Request {
  return (settings, bot) => {
    const usual = measuresFor({}, settings, bot);
    const recipe = mergeRecipes(tunedBy(styles[0]?.preset), wanted);
    const { network = usual.network, pooling, ...transfer } = recipe;
    const size = recipe.size ?? usual.size;
    const epochs = epochsIn(recipe) ?? usual.epochs;
    checkSize(size, settings);
    checkEpochs(epochs, settings.epochsMax);
    const { history } = transfer;
    if (history !== undefined && history > longestHistory) {
      throw new UserError('recipe-no-number', { key: 'history', value: history, min: 1, max: longestHistory });
    }
    if (network !== undefined && !bot.hasNetwork(network)) {
      throw new UserError('network-missing', { network: networkTitles[network] });
    }
    if (colors && transfer.regions?.length) throw new UserError('regions-without-style');
    requireLayers([transfer.layers?.content ?? {}, transfer.layers?.style ?? {}].flatMap(Object.keys), network);
    const complete = { ...recipe, network, size, ...(recipe.scaleEpochs === undefined && { epochs }) };
    const settingsOnly = formatRecipe(complete);
    if (settingsOnly.length > longestSettings) throw new UserError('recipe-too-long', { max: longestSettings });
    const hasMask = mask !== undefined;
    const inputs: [InputName, InputSource][] = [
      ['content', content],
      ...styles.map(({ style }, index): [InputName, InputSource] => [styleInput(index), style]),
      ...(hasMask ? [['mask', mask] satisfies [InputName, InputSource]] : []),
    ];
    const order: LabOrder = {
      kind: 'lab',
      recipe: settingsOnly,
      styles: styles.map(({ preset, weight }) => ({ preset, weight })),
      hasMask,
      styleColors: colors,
      takenFrom,
      size,
      epochs,
      spoiler: showing.spoiler ?? false,
      accent: accentOfPreset(styles[0]?.preset),
    };
    return {
      order,
      task: withFrames(
        {
          kind: 'style-transfer',
          network,
          pooling,
          transfer: { ...transfer, size, epochs },
          styleWeights: styles.map(({ weight }) => weight),
          hasMask,
          styleColors: colors,
        },
        settings.framesMax,
      ),
      inputs: Object.fromEntries(inputs),
      private: showing.private ?? false,
    };
  };
}

/**
 * Returns the recipe that is written in a text from a person.
 * @throws UserError `recipe-…` where the text makes no sense; it names the part that doesn't, and what a server with these
 *   settings allows.
 */
export function understoodRecipe(text: string, { epochsMax, sizeMax }: ServerSettings): LabRecipe {
  try {
    return parseRecipe(text);
  } catch (error) {
    if (!isCoded(error, 'recipe')) throw error;
    const { key, max } = error.context;
    const allowed: Readonly<Record<string, object>> = {
      epochs: { max: epochsMax },
      size: { min: settingBounds.size.min, max: sizeMax },
      history: { max: longestHistory },
    };
    // Errors about something else than numbers have no `max`.
    const bounds = typeof key === 'string' && max !== undefined ? allowed[key] : undefined;
    throw new UserError(`recipe-${error.code}`, { ...error.context, ...bounds });
  }
}

/** The kind `lab`: style transfers with all their controls, ordered by `/lab`. */
export const lab: Kind<LabOrder> = {
  order: orderSchema,
  texts: labTexts,
  title: (texts, order) => labTexts[texts.language].title(blend(texts, order)),
  result(texts, order, result) {
    const { styles, hasMask, takenFrom } = order;
    const { title, mask } = labTexts[texts.language];
    const blended = blend(texts, order);
    const style = styles.some(({ preset }) => preset !== undefined) ? blended : undefined;
    return {
      headline: line(title(blended), ...(hasMask ? [mask] : [])),
      facts: factsWithOrigin(texts, result, takenFrom),
      recipe: completeRecipe(order, result),
      ...paintedWords(texts, style, result),
    };
  },
  again: (from) => labRequest(labAgain(from)),
  buttons: [
    moreEpochs({
      request(from, epochs) {
        const wishes = labAgain(from);
        return labRequest({ ...wishes, recipe: withMoreEpochs(wishes.recipe, epochs / from.order.epochs) });
      },
    }),
    {
      action: 'again',
      label: ({ language }) => labModalTexts[language].title,
      style: ButtonStyle.Secondary,
      execute: (interaction, from) => showLabModal(interaction, from),
    },
  ],
  modal: {
    action: labModalAction,
    show: (interaction, from, _bot, before) => showLabModal(interaction, from, before),
    entered: ({ fields }) => labEntered(fields),
    /** Orders the same pictures again by the recipe that was sent. */
    async execute(interaction, from, bot) {
      const { fields } = interaction;
      const { pictures: named, ...written } = understoodRecipe(
        recipeTextOf(fields),
        bot.settings.of(serverOf(interaction)),
      );
      const again = labAgain(from);
      const find = (digest: string) => pictureOfJob(from.job, digest) ?? pictureByDigest(interaction, digest, bot);
      const { recipe, showing } = labAnswers(fields, written, again.recipe);
      const pictures = labPictures({}, named, again, find);
      const isOther = named?.content && pictureOfJob(from.job, named.content.digest) === undefined;
      const takenFrom = isOther ? undefined : again.takenFrom;
      await takeRequest(interaction, labRequest({ ...again, ...pictures, takenFrom, recipe, ...showing }), bot);
    },
  },
};

/** Shows the modal with a result's recipe, or with what was entered before. */
async function showLabModal(
  interaction: ComponentInteraction,
  { job, order }: Finished<LabOrder>,
  before?: Entered,
): Promise<void> {
  const text = completeRecipe(order, resultOf(job));
  const usual = { text, recipe: parseRecipe(order.recipe), showing: showingOf(job) };
  const form = before === undefined ? usual : formOfEntered(before, usual);
  await interaction.showModal(labModal(textsFor(interaction.locale).language, job.id, form));
}

/** Returns the wishes that order the same picture as a finished job once more. */
function labAgain({ job, order: { recipe, styles, hasMask, styleColors, takenFrom } }: Finished<LabOrder>): LabWishes {
  return {
    content: inputAgain(job, 'content'),
    styles: styles.map((style, index) => ({ ...style, style: inputAgain(job, styleInput(index)) })),
    mask: hasMask ? inputAgain(job, 'mask') : undefined,
    colors: styleColors,
    takenFrom,
    recipe: parseRecipe(recipe),
    ...showingOf(job),
  };
}

/** Returns an order's recipe with the pictures that its result was made from; those of older results aren't known. */
function completeRecipe({ recipe, styles, styleColors }: LabOrder, result: ResultFacts | undefined): string {
  const { data: findings } = styleTransferFindingsSchema.safeParse(result?.findings);
  if (findings === undefined) return recipe;
  const named = styles.map(({ preset, weight }) => ({ preset: preset && nameOfBuiltIn(preset), weight }));
  return formatRecipe({ ...parseRecipe(recipe), pictures: namedPictures(findings, named, styleColors) });
}

/**
 * Returns the title of a blend: "White Walker", or for several styles "67 % White Walker + 33 % your style A"; styles with
 * colours of a mask have no shares.
 */
function blend(texts: Texts, { styles, styleColors }: Pick<LabOrder, 'styles' | 'styleColors'>): string {
  const [first] = styles;
  if (first !== undefined && styles.length === 1) return styleTitle(first.preset, texts);
  const sum = styles.reduce((total, { weight }) => total + weight, 0);
  const own = styles.filter(({ preset }) => preset === undefined);
  const parts = styles.map((style) => {
    const letter = String.fromCodePoint('A'.charCodeAt(0) + own.indexOf(style));
    const isOneOfOwn = style.preset === undefined && own.length > 1;
    const title = isOneOfOwn ? texts.ownStyleOf(letter) : styleTitle(style.preset, texts);
    return styleColors ? title : `${Math.round((100 * style.weight) / sum)} % ${title}`;
  });
  return parts.join(' + ');
}

/** Returns a recipe's epochs over all scales; undefined where the recipe leaves them open. */
function epochsIn({ epochs, scaleEpochs }: LabRecipe): number | undefined {
  return scaleEpochs?.reduce((sum, each) => sum + each, 0) ?? epochs;
}

/** Returns a recipe with more epochs; those of scales are rounded down, so a server that allows so many allows it. */
function withMoreEpochs({ epochs, scaleEpochs, ...recipe }: LabRecipe, factor: number): LabRecipe {
  return {
    ...recipe,
    ...(epochs !== undefined && { epochs: Math.round(epochs * factor) }),
    ...(scaleEpochs && { scaleEpochs: scaleEpochs.map((each) => Math.floor(each * factor)) }),
  };
}

/** Checks a size in pixels against what a server allows. @throws UserError `size-out-of-range` */
function checkSize(size: number, { sizeMax }: ServerSettings): void {
  const { min } = settingBounds.size;
  if (size < min || size > sizeMax) throw new UserError('size-out-of-range', { min, max: sizeMax });
}
