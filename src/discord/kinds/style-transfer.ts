import { ButtonStyle } from 'discord.js';
import { z } from 'zod';
import type { NetworkName } from '../../engine/topology.js';
import {
  type InputSource,
  type Job,
  type PresetReference,
  presetReferenceSchema,
  type ResultFacts,
} from '../../jobs/job.js';
import { bestColorKeeping } from '../../transfer/colors/content-colors.js';
import type { TransferRecipe } from '../../transfer/recipe/recipe.js';
import { transferDefaults } from '../../transfer/transfer-options.js';
import { qualities } from '../../works/quality.js';
import { type StyleTransferTask, styleTransferFindingsSchema } from '../../works/style-transfer.js';
import { withFrames } from '../../works/works.js';
import { accentOfPreset } from '../accent.js';
import type { BotServices } from '../bot-services.js';
import type { ComponentInteraction } from '../command.js';
import { takeRequest } from '../intake.js';
import { serverOf } from '../permissions.js';
import {
  defaultPreset,
  isSameStyle,
  nameOfBuiltIn,
  optionValue,
  stylePlace,
  styleTitle,
  tunedBy,
} from '../style-choice.js';
import { inAllLanguages } from '../texts/language.js';
import { type Texts, textsFor } from '../texts/texts.js';
import { UserError } from '../user-error.js';
import { againAnswers, againModal, againModalAction, againTexts, uploadIn, uploadLink } from './again-modal.js';
import {
  type Entered,
  type Finished,
  factsWithOrigin,
  type Kind,
  line,
  orderOfKind,
  type ResultWords,
} from './kind.js';
import { larger } from './larger.js';
import { type ChosenMeasures, measuresFor } from './measures.js';
import { moreEpochs } from './more-epochs.js';
import { inputAgain, type Request, type Showing, showingOf } from './request.js';
import { styleNotes } from './style-notes.js';

/** The choices for how much the style counts against the content, in words that people know. */
export const strengths = ['subtle', 'balanced', 'strong'] as const;
export type Strength = (typeof strengths)[number];

const orderSchema = orderOfKind('style-transfer', {
  quality: z.enum(qualities),
  /** The preset or kept style; undefined for a picture of the person's own. */
  preset: presetReferenceSchema.optional(),
  strength: z.enum(strengths),
  keepColors: z.boolean(),
  /** The next quality at which the picture would be larger; undefined where nothing larger was allowed. */
  larger: z.enum(qualities).optional(),
  /** Address of the message whose picture was taken as the content, where it was one. */
  takenFrom: z.string().optional(),
});
export type StyleTransferOrder = z.infer<typeof orderSchema>;

export const styleTransferTexts = inAllLanguages({
  en: {
    command: {
      description: "Turn a picture into another picture's style",
      content: 'The picture to transform (default: your last result in this channel)',
      link: 'Instead of an upload: the link of a picture on Discord, or of a message of mine in this channel',
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
    movingAlt: (style: string | undefined) =>
      `An animation in the style of ${style ?? 'another picture'}, painted frame by frame by neural style transfer`,
    animationAlt: (style: string | undefined) =>
      `An animation: the photograph turns into a picture in the style of ${style ?? 'another picture'}`,
  },
  de: {
    command: {
      description: 'Ein Bild im Stil eines anderen malen',
      content: 'Das Bild, das verwandelt wird (sonst: dein letztes Ergebnis in diesem Kanal)',
      link: 'Statt hochzuladen: der Link eines Bildes auf Discord oder einer Nachricht von mir in diesem Kanal',
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
    movingAlt: (style) =>
      `Eine Animation im Stil ${style === undefined ? 'eines anderen Bildes' : `„${style}“`}, Bild für Bild gemalt durch neuronale Stilübertragung`,
    animationAlt: (style) =>
      `Eine Animation: Das Foto wird zu einem Bild im Stil ${style === undefined ? 'eines anderen' : `„${style}“`}`,
  },
});

/** What somebody asks of `/whitewalker`; what is undefined is up to the server's settings. */
export interface StyleTransferWishes extends ChosenMeasures, Showing {
  readonly content: InputSource;
  readonly style: InputSource;
  /** The preset or kept style; undefined for a picture of the person's own. */
  readonly preset?: PresetReference | undefined;
  readonly strength?: Strength | undefined;
  readonly keepColors?: boolean | undefined;
  /** How another picture in the style was painted, apart from its weights; by default as the preset says. */
  readonly tuned?: Pick<TransferRecipe, 'statistic' | 'layers'> | undefined;
  /** Address of the message whose picture the content is. */
  readonly takenFrom?: string | undefined;
}

/** Returns a `style-transfer` request, which throws UserError for more epochs than the server allows. */
export function styleTransferRequest(wishes: StyleTransferWishes): Request {
  return (settings, bot, personal = {}) => {
    const { network, ...measures } = measuresFor(wishes, settings, bot, personal);
    const order: StyleTransferOrder = {
      kind: 'style-transfer',
      preset: wishes.preset,
      strength: wishes.strength ?? 'balanced',
      ...measures,
      keepColors: wishes.keepColors ?? personal.keepColors ?? false,
      spoiler: wishes.spoiler ?? false,
      accent: accentOfPreset(wishes.preset),
      takenFrom: wishes.takenFrom,
    };
    return {
      order,
      task: withFrames(planStyleTransfer(order, wishes.tuned ?? tunedBy(wishes.preset), network), settings.framesMax),
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
 * Returns the task for an order of a style transfer.
 * @param tuned - the settings in which the order's preset differs from the defaults.
 * @param network - the network that the order's quality stands for.
 */
export function planStyleTransfer(
  { size, epochs, strength, keepColors }: StyleTransferOrder,
  tuned: Omit<TransferRecipe, 'size' | 'epochs'> = {},
  network?: NetworkName | undefined,
): StyleTransferTask {
  const weights = { ...transferDefaults.weights, ...tuned.weights };
  const style = weights.style * styleWeightFactors[strength];
  return {
    kind: 'style-transfer',
    network,
    transfer: {
      ...tuned,
      weights: { ...weights, style },
      size,
      epochs,
      ...(keepColors && { keepColors: bestColorKeeping }),
    },
  };
}

/**
 * Returns what is said of any picture that was painted in a style.
 * @param style - the style's title; undefined where it is another picture without a name.
 */
export function paintedWords(
  texts: Texts,
  style: string | undefined,
  { frames, findings }: ResultFacts,
): Pick<ResultWords, 'notes' | 'pictureAlt' | 'animationAlt'> {
  const { pictureAlt, movingAlt, animationAlt } = styleTransferTexts[texts.language];
  const { data } = styleTransferFindingsSchema.safeParse(findings);
  return {
    notes: [
      ...(data?.isStillOfMoving ? [texts.job.isStillOfMoving] : []),
      ...(data?.cameWhole === undefined ? [] : [texts.job.cameWhole(data.cameWhole)]),
      ...(data?.damagedFrames === undefined ? [] : [texts.job.damagedFrames(data.damagedFrames)]),
      ...styleNotes(texts, findings),
    ],
    pictureAlt: frames === undefined ? pictureAlt(style) : movingAlt(style),
    animationAlt: animationAlt(style),
  };
}

/** The kind `style-transfer`: pictures in the style of others, ordered by `/whitewalker`. */
export const styleTransfer: Kind<StyleTransferOrder> = {
  order: orderSchema,
  texts: styleTransferTexts,
  title: (texts, { preset }) => styleTitle(preset, texts),
  result(texts, { preset, strength, quality, keepColors, takenFrom }, result) {
    const { strengths, keptColors } = styleTransferTexts[texts.language];
    const title = styleTitle(preset, texts);
    const style = preset && title;
    return {
      headline: line(title, strengths[strength], texts.qualities[quality], ...(keepColors ? [keptColors] : [])),
      facts: factsWithOrigin(texts, result, takenFrom),
      ...paintedWords(texts, style, result),
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
    larger((from, measures) => styleTransferRequest({ ...styleTransferAgain(from), ...measures })),
    {
      action: 'again',
      label: ({ language }) => againTexts[language].title,
      style: ButtonStyle.Secondary,
      execute: (interaction, from, bot) => showAgainModal(interaction, from, bot),
    },
  ],
  modal: {
    action: againModalAction,
    show: showAgainModal,
    entered(interaction, { language }) {
      const { style = '', upload, strength = '', quality = '', epochs } = againAnswers(interaction);
      // A button has room for 40 characters of these; only names in letters that count as two are longer.
      const kept = style.length > 40 ? '' : style;
      const look = looks.findIndex((each) => lookValue(each) === strength);
      return {
        parts: [kept, String(look), quality, epochs.replaceAll(':', '')],
        text: upload === undefined ? '' : uploadLink(language, upload),
      };
    },
    /** Orders what was sent with the modal "again with…"; an uploaded style goes before a chosen one. */
    async execute(interaction, from, bot) {
      const before = styleTransferAgain(from);
      const { epochsMax } = bot.settings.of(serverOf(interaction));
      const { upload, style: chosen, strength, quality: wanted, epochs } = againAnswers(interaction);
      if (!/^\d+$/.test(epochs)) throw new UserError('number-needed', { text: epochs, min: 1, max: epochsMax });
      const preset =
        chosen === undefined
          ? before.preset
          : bot.styles.find(chosen, stylePlace(interaction), textsFor(interaction.locale));
      const isSame = preset === undefined || isSameStyle(preset, before.preset);
      const style = isSame ? before.style : ({ kind: 'preset', preset } as const);
      const quality = qualities.find((name) => name === wanted) ?? from.order.quality;
      // Another quality brings its own epochs, unless others were typed.
      const isLeft = Number(epochs) === Math.min(from.order.epochs, epochsMax) && quality !== from.order.quality;
      const request = styleTransferRequest({
        ...before,
        ...(upload === undefined ? { style, preset } : { style: { kind: 'url', url: upload }, preset: undefined }),
        tuned: isSame && upload === undefined ? before.tuned : undefined,
        ...looks.find((look) => lookValue(look) === strength),
        quality,
        epochs: isLeft ? undefined : Number(epochs),
      });
      await takeRequest(interaction, request, bot);
    },
  },
};

/** What the modal "again with…" offers as one choice, since a modal has five fields: a strength with or without colours. */
interface Look {
  readonly strength: Strength;
  readonly keepColors: boolean;
}

const looks: readonly Look[] = strengths.flatMap((strength) => [
  { strength, keepColors: false },
  { strength, keepColors: true },
]);

function lookValue({ strength, keepColors }: Look): string {
  return keepColors ? `${strength}-own-colors` : strength;
}

/** Shows the modal "again with…", filled in with what a result was ordered with, or with what was entered before. */
async function showAgainModal(
  interaction: ComponentInteraction,
  { job, order }: Finished<StyleTransferOrder>,
  bot: BotServices,
  before?: Entered,
): Promise<void> {
  const texts = textsFor(interaction.locale);
  const { strengths: labels, keptColors } = styleTransferTexts[texts.language];
  const { epochsMax } = bot.settings.of(serverOf(interaction));
  const [style, look, quality = order.quality, epochs] = before?.parts ?? [];
  const chosen = looks[Number(look ?? Number.NaN)] ?? order;
  await interaction.showModal(
    againModal(texts.language, job.id, {
      styles: bot.styles.options(stylePlace(interaction), texts),
      isChosen: (reference) => (style ? optionValue(reference) === style : isSameStyle(reference, order.preset)),
      hasUpload: before !== undefined && uploadIn(before.text) !== undefined,
      strengths: looks.map((each) => ({
        value: lookValue(each),
        label: line(labels[each.strength], ...(each.keepColors ? [keptColors] : [])),
        default: lookValue(each) === lookValue(chosen),
      })),
      qualities: qualities.map((value) => ({
        value,
        label: texts.qualities[value],
        default: value === quality,
      })),
      epochs: epochs ?? String(Math.min(order.epochs, epochsMax)),
      epochsMax,
    }),
  );
}

/** Returns the wishes that order the same picture as a finished job once more. */
function styleTransferAgain({ job, order }: Finished<StyleTransferOrder>): StyleTransferWishes {
  const { preset, strength, quality, epochs, keepColors, takenFrom } = order;
  const inputs = { content: inputAgain(job, 'content'), style: inputAgain(job, 'style') };
  const tuned = tunedAgain(job, preset);
  return { ...inputs, preset, strength, quality, epochs, keepColors, tuned, takenFrom, ...showingOf(job) };
}

/** Returns what a job's task says of its style, whatever the defaults are today; undefined for a preset, which is read anew. */
function tunedAgain({ task }: Job, preset: PresetReference | undefined): StyleTransferWishes['tuned'] {
  if (task.kind !== 'style-transfer' || (preset && nameOfBuiltIn(preset) !== undefined)) return undefined;
  const { statistic, layers } = task.transfer;
  return { ...(statistic && { statistic }), ...(layers && { layers }) };
}
