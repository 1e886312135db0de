import { ButtonStyle } from 'discord.js';
import { z } from 'zod';
import { isCoded } from '../../coded-error.js';
import { networkTitles } from '../../engine/topology.js';
import { type InputSource, presetReferenceSchema } from '../../jobs/job.js';
import { type ServerSettings, settingBounds } from '../../settings/server-settings.js';
import { formatRecipe, type LabRecipe, mergeRecipes, parseRecipe } from '../../transfer/recipe/recipe.js';
import { styleInput } from '../../works/style-transfer.js';
import type { InputName } from '../../works/work.js';
import { takeRequest } from '../intake.js';
import { serverOf } from '../permissions.js';
import { styleTitle, tunedBy } from '../style-choice.js';
import { inAllLanguages } from '../texts/language.js';
import { type Texts, textsFor } from '../texts/texts.js';
import { UserError } from '../user-error.js';
import { type Finished, type Kind, line, orderOfKind } from './kind.js';
import { labModal, labModalAction, recipeOfModal } from './lab-modal.js';
import { requireLayers } from './layers.js';
import { checkEpochs, measuresFor } from './measures.js';
import { moreEpochs } from './more-epochs.js';
import { inputAgain, type Request, type Showing, showingOf } from './request.js';
import { styleTransferTexts } from './style-transfer.js';

/** One of the styles of a blend. */
const labStyleSchema = z.object({
  /** The preset or server style; undefined for a picture of the person's own. */
  preset: presetReferenceSchema.optional(),
  /** Share of the style in the blend. */
  weight: z.number(),
});
type LabStyle = Readonly<z.infer<typeof labStyleSchema>>;

const orderSchema = orderOfKind('lab', {
  /** The recipe as text that can be given again; the order's `size` and `epochs` say the same in numbers. */
  recipe: z.string(),
  /** The styles of the blend, in the order of the inputs `style`, `style-2`, … */
  styles: z.array(labStyleSchema).min(1).readonly(),
  /** Whether an input `mask` says where the style goes. */
  hasMask: z.boolean(),
});
type LabOrder = z.infer<typeof orderSchema>;

export const labTexts = inAllLanguages({
  en: {
    command: {
      description: 'Style transfer with all its controls',
      content: 'The picture to transform',
      style: 'The picture whose style it takes',
      preset: 'A ready-made style (default: White Walker)',
      'style-2': 'A second style, blended with the first',
      mix: 'How much of each of two styles, such as 2:1 (default 1:1)',
      mask: 'Where the style goes: white is styled, black stays as it is',
      recipe: 'The text below a result of /lab; options beside it win',
      size: 'The longer side in pixels',
      epochs: 'In all, such as 100, or for each scale from coarse to fine: 60,25,15',
      'style-weight': 'How much the style counts (default 10)',
      'style-scale': 'Size of the strokes (default 1)',
      'keep-colors': "Keep your picture's colours: its hues, or its colours on the whole",
      init: 'What to begin with (default: your picture in the colours of the style)',
      network: 'The network that looks',
      pooling: 'How the network is pooled (default: as trained)',
      optimizer: 'How to descend (default: lbfgs)',
      'learning-rate': "Adam's step, or the length of the first trial step of L-BFGS",
      history: 'Steps that L-BFGS remembers, up to 20 (default 10)',
      'style-layers': 'What style is compared by: relu1_1:1,relu2_1:.8',
      'tv-weight': 'How much smoothness counts (default 0.02)',
      statistic: 'What is compared of a style',
      protect: 'How much fine structure, such as faces, is protected: 0 to 1',
      regions: 'Boxes that the style goes to, in percent: left,top,width,height, such as 25,10,50,40',
      seed: 'Of the noise that is begun with',
    },
    title: (style: string) => `Lab: ${style}`,
    mask: 'masked',
    change: 'Change the recipe…',
    recipe: 'The recipe',
  },
  de: {
    command: {
      description: 'Stilübertragung mit allen Reglern',
      content: 'Das Bild, das verwandelt wird',
      style: 'Das Bild, dessen Stil es annimmt',
      preset: 'Ein fertiger Stil (sonst: Weißer Wanderer)',
      'style-2': 'Ein zweiter Stil, mit dem ersten gemischt',
      mix: 'Wie viel von jedem der beiden Stile, zum Beispiel 2:1 (sonst 1:1)',
      mask: 'Wohin der Stil kommt: Weiß wird gemalt, Schwarz bleibt, wie es ist',
      recipe: 'Der Text unter einem Ergebnis von /lab; was daneben gewählt wird, geht vor',
      size: 'Die längere Seite in Pixeln',
      epochs: 'Insgesamt, zum Beispiel 100, oder für jede Stufe von grob nach fein: 60,25,15',
      'style-weight': 'Wie viel der Stil zählt (sonst 10)',
      'style-scale': 'Wie groß die Pinselstriche sind (sonst 1)',
      'keep-colors': 'Die Farben deines Bildes behalten: seine Farbtöne oder seine Farben im Ganzen',
      init: 'Womit begonnen wird (sonst: dein Bild in den Farben des Stils)',
      network: 'Das Netz, das hinsieht',
      pooling: 'Wie das Netz verkleinert (sonst: wie es trainiert wurde)',
      optimizer: 'Wie der Abstieg geht (sonst: lbfgs)',
      'learning-rate': 'Der Schritt von Adam oder die Länge des ersten Versuchs bei L-BFGS',
      history: 'Schritte, die sich L-BFGS merkt, bis zu 20 (sonst 10)',
      'style-layers': 'Worin Stile verglichen werden: relu1_1:1,relu2_1:.8',
      'tv-weight': 'Wie viel Glätte zählt (sonst 0.02)',
      statistic: 'Was an einem Stil verglichen wird',
      protect: 'Wie sehr Feines, zum Beispiel Gesichter, geschützt wird: 0 bis 1',
      regions: 'Wohin der Stil kommt, in Prozent: links,oben,Breite,Höhe, zum Beispiel 25,10,50,40',
      seed: 'Startwert des Rauschens, mit dem begonnen wird',
    },
    title: (style) => `Labor: ${style}`,
    mask: 'maskiert',
    change: 'Rezept ändern …',
    recipe: 'Das Rezept',
  },
});

/** A style of a blend, and where its picture comes from. */
export interface LabStyleWish extends LabStyle {
  readonly style: InputSource;
}

/** What somebody asks of `/lab`; what the recipe leaves open is up to the preset, the server, and the defaults. */
export interface LabWishes extends Showing {
  readonly content: InputSource;
  readonly styles: readonly LabStyleWish[];
  readonly mask?: InputSource | undefined;
  readonly recipe: LabRecipe;
}

/** Most steps that L-BFGS may remember: each takes two copies of the picture, whose size is up to the server. */
export const longestHistory = 20;

/** Returns a `lab` request, which throws UserError where the server or the network doesn't allow the recipe. */
export function labRequest({ content, styles, mask, recipe: wanted, ...showing }: LabWishes): Request {
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
    requireLayers([transfer.layers?.content ?? {}, transfer.layers?.style ?? {}].flatMap(Object.keys), network);
    const complete = { ...recipe, size, ...(recipe.scaleEpochs === undefined && { epochs }) };
    const hasMask = mask !== undefined;
    const inputs: [InputName, InputSource][] = [
      ['content', content],
      ...styles.map(({ style }, index): [InputName, InputSource] => [styleInput(index), style]),
      ...(hasMask ? [['mask', mask] satisfies [InputName, InputSource]] : []),
    ];
    const order: LabOrder = {
      kind: 'lab',
      recipe: formatRecipe(complete),
      styles: styles.map(({ preset, weight }) => ({ preset, weight })),
      hasMask,
      size,
      epochs,
      spoiler: showing.spoiler ?? false,
    };
    return {
      order,
      task: {
        kind: 'style-transfer',
        network,
        pooling,
        transfer: { ...transfer, size, epochs },
        styleWeights: styles.map(({ weight }) => weight),
        hasMask,
      },
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
  title: (texts, { styles }) => labTexts[texts.language].title(blend(texts, styles)),
  result(texts, { styles, hasMask, recipe }, result) {
    const { title, mask } = labTexts[texts.language];
    const { pictureAlt, animationAlt } = styleTransferTexts[texts.language];
    const blended = blend(texts, styles);
    const style = styles.some(({ preset }) => preset !== undefined) ? blended : undefined;
    return {
      headline: line(title(blended), ...(hasMask ? [mask] : [])),
      facts: texts.job.facts(result),
      recipe,
      pictureAlt: pictureAlt(style),
      animationAlt: animationAlt(style),
    };
  },
  buttons: [
    moreEpochs({
      request(from, epochs) {
        const wishes = labAgain(from);
        return labRequest({ ...wishes, recipe: withMoreEpochs(wishes.recipe, epochs / from.order.epochs) });
      },
    }),
    {
      action: 'again',
      label: ({ language }) => labTexts[language].change,
      style: ButtonStyle.Secondary,
      async execute(interaction, { job, order }) {
        const texts = labTexts[textsFor(interaction.locale).language];
        await interaction.showModal(labModal(texts, job.id, order.recipe));
      },
    },
  ],
  modal: {
    action: labModalAction,
    /** Orders the same pictures again by the recipe that was sent. */
    async execute(interaction, from, bot) {
      const recipe = understoodRecipe(recipeOfModal(interaction.fields), bot.settings.of(serverOf(interaction)));
      await takeRequest(interaction, labRequest({ ...labAgain(from), recipe }), bot);
    },
  },
};

/** Returns the wishes that order the same picture as a finished job once more. */
function labAgain({ job, order: { recipe, styles, hasMask } }: Finished<LabOrder>): LabWishes {
  return {
    content: inputAgain(job, 'content'),
    styles: styles.map((style, index) => ({ ...style, style: inputAgain(job, styleInput(index)) })),
    mask: hasMask ? inputAgain(job, 'mask') : undefined,
    recipe: parseRecipe(recipe),
    ...showingOf(job),
  };
}

/** Returns the title of a blend: "White Walker", or for several styles "67 % White Walker + 33 % your style A". */
function blend(texts: Texts, styles: readonly LabStyle[]): string {
  const [first] = styles;
  if (first !== undefined && styles.length === 1) return styleTitle(first.preset, texts);
  const sum = styles.reduce((total, { weight }) => total + weight, 0);
  const own = styles.filter(({ preset }) => preset === undefined);
  const parts = styles.map((style) => {
    const letter = String.fromCodePoint('A'.charCodeAt(0) + own.indexOf(style));
    const isOneOfOwn = style.preset === undefined && own.length > 1;
    const title = isOneOfOwn ? texts.ownStyleOf(letter) : styleTitle(style.preset, texts);
    return `${Math.round((100 * style.weight) / sum)} % ${title}`;
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
