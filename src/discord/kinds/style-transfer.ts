import { ButtonStyle } from 'discord.js';
import { z } from 'zod';
import type { NetworkName } from '../../engine/topology.js';
import { type InputSource, type PresetReference, presetReferenceSchema } from '../../jobs/job.js';
import { bestColorKeeping } from '../../transfer/colors/content-colors.js';
import type { TransferRecipe } from '../../transfer/recipe/recipe.js';
import type { StyleStatistic } from '../../transfer/style-statistics.js';
import { transferDefaults } from '../../transfer/transfer-options.js';
import { type Quality, qualities } from '../../works/quality.js';
import type { StyleTransferTask } from '../../works/style-transfer.js';
import { accentOfPreset } from '../accent.js';
import { takeRequest } from '../intake.js';
import { serverOf } from '../permissions.js';
import { defaultPreset, optionValue, stylePlace, styleTitle, tunedBy } from '../style-choice.js';
import { inAllLanguages } from '../texts/language.js';
import { textsFor } from '../texts/texts.js';
import { UserError } from '../user-error.js';
import { againAnswers, againModal, againModalAction, againTexts } from './again-modal.js';
import { type Finished, type Kind, line, orderOfKind } from './kind.js';
import { type ChosenMeasures, measuresFor } from './measures.js';
import { moreEpochs } from './more-epochs.js';
import { inputAgain, type Request, type Showing, showingOf } from './request.js';

/** The choices for how much the style counts against the content, in words that people know. */
export const strengths = ['subtle', 'balanced', 'strong'] as const;
export type Strength = (typeof strengths)[number];

const orderSchema = orderOfKind('style-transfer', {
  quality: z.enum(qualities),
  /** The preset or server style; undefined for a picture of the person's own. */
  preset: presetReferenceSchema.optional(),
  strength: z.enum(strengths),
  keepColors: z.boolean(),
});
export type StyleTransferOrder = z.infer<typeof orderSchema>;

export const styleTransferTexts = inAllLanguages({
  en: {
    command: {
      description: "Turn a picture into another picture's style",
      content: 'The picture to transform',
      style: 'The picture whose style it takes',
      preset: 'A ready-made style (default: White Walker)',
      epochs: 'How long to work on it: more is finer and takes longer',
      strength: 'How much of the style',
      keepColors: 'Keep the colours of your picture',
    },
    strengths: { subtle: 'subtle', balanced: 'balanced', strong: 'strong' },
    keptColors: 'own colours',
    stronger: 'Stronger',
    /** The style is undefined where it is another picture without a name. */
    pictureAlt: (style: string | undefined) =>
      `A picture in the style of ${style ?? 'another picture'}, painted by neural style transfer`,
    animationAlt: (style: string | undefined) =>
      `An animation: the photograph turns into a picture in the style of ${style ?? 'another picture'}`,
  },
  de: {
    command: {
      description: 'Ein Bild im Stil eines anderen malen',
      content: 'Das Bild, das verwandelt wird',
      style: 'Das Bild, dessen Stil es annimmt',
      preset: 'Ein fertiger Stil (sonst: Weißer Wanderer)',
      epochs: 'Wie lange daran gemalt wird: mehr ist feiner und dauert länger',
      strength: 'Wie viel vom Stil',
      keepColors: 'Die Farben deines Bildes behalten',
    },
    strengths: { subtle: 'dezent', balanced: 'ausgewogen', strong: 'kräftig' },
    keptColors: 'eigene Farben',
    stronger: 'Kräftiger',
    pictureAlt: (style) =>
      `Ein Bild im Stil ${style === undefined ? 'eines anderen' : `„${style}“`}, gemalt durch neuronale Stilübertragung`,
    animationAlt: (style) =>
      `Eine Animation: Das Foto wird zu einem Bild im Stil ${style === undefined ? 'eines anderen' : `„${style}“`}`,
  },
});

/** What somebody asks of `/whitewalker`; what is undefined is up to the server's settings. */
export interface StyleTransferWishes extends ChosenMeasures, Showing {
  readonly content: InputSource;
  readonly style: InputSource;
  /** The preset or server style; undefined for a picture of the person's own. */
  readonly preset?: PresetReference | undefined;
  readonly strength?: Strength | undefined;
  readonly keepColors?: boolean | undefined;
}

/** Returns a `style-transfer` request, which throws UserError for more epochs than the server allows. */
export function styleTransferRequest(wishes: StyleTransferWishes): Request {
  return (settings, bot) => {
    const { network, ...measures } = measuresFor(wishes, settings, bot);
    const order: StyleTransferOrder = {
      kind: 'style-transfer',
      preset: wishes.preset,
      strength: wishes.strength ?? 'balanced',
      ...measures,
      keepColors: wishes.keepColors ?? false,
      spoiler: wishes.spoiler ?? false,
      accent: accentOfPreset(wishes.preset),
    };
    return {
      order,
      task: planStyleTransfer(order, tunedBy(wishes.preset), network),
      inputs: { content: wishes.content, style: wishes.style },
      private: wishes.private ?? false,
    };
  };
}

/** Returns a request for a picture in the style that is taken where nobody chooses. */
export function whiteWalkerRequest(content: InputSource, showing: Showing = {}): Request {
  const preset = defaultPreset;
  return styleTransferRequest({ content, style: { kind: 'preset', preset }, preset, ...showing });
}

/** Factor on the usual weight of the style, by strength. The loss is relative, so it means the same for every style. */
const styleWeightFactors: Readonly<Record<Strength, number>> = { subtle: 0.25, balanced: 1, strong: 4 };

/**
 * Statistic that styles are compared by at a quality, where it isn't Gram matrices. Moments come nearer to a style at
 * the same content, and paint more of it into flat areas; but at the sizes of the other qualities they cost small faces
 * their eyes (docs/quality.md).
 */
const statistics: Readonly<Partial<Record<Quality, StyleStatistic>>> = { high: 'moments' };

/**
 * Returns the task for an order of a style transfer.
 * @param tuned - the settings in which the order's preset differs from the defaults.
 * @param network - the network that the order's quality stands for.
 */
export function planStyleTransfer(
  { quality, size, epochs, strength, keepColors }: StyleTransferOrder,
  tuned: Omit<TransferRecipe, 'size' | 'epochs'> = {},
  network?: NetworkName | undefined,
): StyleTransferTask {
  const weights = { ...transferDefaults.weights, ...tuned.weights };
  const style = weights.style * styleWeightFactors[strength];
  return {
    kind: 'style-transfer',
    network,
    transfer: {
      statistic: statistics[quality],
      ...tuned,
      weights: { ...weights, style },
      size,
      epochs,
      ...(keepColors && { keepColors: bestColorKeeping }),
    },
  };
}

/** The kind `style-transfer`: pictures in the style of others, ordered by `/whitewalker`. */
export const styleTransfer: Kind<StyleTransferOrder> = {
  order: orderSchema,
  texts: styleTransferTexts,
  title: (texts, { preset }) => styleTitle(preset, texts),
  result(texts, { preset, strength, quality, keepColors }, result) {
    const { strengths, keptColors, pictureAlt, animationAlt } = styleTransferTexts[texts.language];
    const title = styleTitle(preset, texts);
    const style = preset && title;
    return {
      headline: line(title, strengths[strength], texts.qualities[quality], ...(keepColors ? [keptColors] : [])),
      facts: texts.job.facts(result),
      pictureAlt: pictureAlt(style),
      animationAlt: animationAlt(style),
    };
  },
  again: (from) => styleTransferRequest(styleTransferAgain(from)),
  buttons: [
    moreEpochs({ request: (from, epochs) => styleTransferRequest({ ...styleTransferAgain(from), epochs }) }),
    {
      action: 'stronger',
      label: ({ language }) => styleTransferTexts[language].stronger,
      style: ButtonStyle.Primary,
      async execute(interaction, from, bot) {
        const strength = strengths[strengths.indexOf(from.order.strength) + 1];
        if (strength === undefined) throw new UserError('strongest-already');
        await takeRequest(interaction, styleTransferRequest({ ...styleTransferAgain(from), strength }), bot);
      },
    },
    {
      action: 'again',
      label: ({ language }) => againTexts[language].title,
      style: ButtonStyle.Secondary,
      async execute(interaction, { job, order }, bot) {
        const texts = textsFor(interaction.locale);
        const guildId = serverOf(interaction);
        const { epochsMax } = bot.settings.of(guildId);
        const labels = styleTransferTexts[texts.language].strengths;
        await interaction.showModal(
          againModal(texts.language, job.id, {
            styles: bot.styles.options(stylePlace(interaction), texts),
            ...order,
            strengths: strengths.map((value) => ({ value, label: labels[value], default: value === order.strength })),
            epochsMax,
          }),
        );
      },
    },
  ],
  modal: {
    action: againModalAction,
    /** Orders what was sent with the modal "again with…"; an uploaded style goes before a chosen one. */
    async execute(interaction, from, bot) {
      const before = styleTransferAgain(from);
      const guildId = serverOf(interaction);
      const { upload, style: chosen, strength, epochs } = againAnswers(interaction.fields);
      if (!/^\d+$/.test(epochs)) {
        throw new UserError('number-needed', { text: epochs, min: 1, max: bot.settings.of(guildId).epochsMax });
      }
      const isSame = chosen === undefined || (before.preset && chosen === optionValue(before.preset));
      const preset = isSame
        ? before.preset
        : bot.styles.find(chosen, stylePlace(interaction), textsFor(interaction.locale));
      const style = isSame || preset === undefined ? before.style : ({ kind: 'preset', preset } as const);
      const request = styleTransferRequest({
        ...before,
        ...(upload === undefined ? { style, preset } : { style: { kind: 'url', url: upload }, preset: undefined }),
        strength: strengths.find((name) => name === strength) ?? before.strength,
        epochs: Number(epochs),
      });
      await takeRequest(interaction, request, bot);
    },
  },
};

/** Returns the wishes that order the same picture as a finished job once more. */
function styleTransferAgain({ job, order }: Finished<StyleTransferOrder>): StyleTransferWishes {
  const { preset, strength, quality, epochs, keepColors } = order;
  const inputs = { content: inputAgain(job, 'content'), style: inputAgain(job, 'style') };
  return { ...inputs, preset, strength, quality, epochs, keepColors, ...showingOf(job) };
}
