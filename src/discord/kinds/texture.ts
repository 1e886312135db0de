import { z } from 'zod';
import { type InputSource, type PresetReference, presetReferenceSchema } from '../../jobs/job.js';
import { qualities } from '../../works/quality.js';
import { accentOfPreset } from '../accent.js';
import { styleTitle, tunedBy } from '../style-choice.js';
import { inAllLanguages } from '../texts/language.js';
import { type Finished, type Kind, line, orderOfKind } from './kind.js';
import { larger } from './larger.js';
import { type ChosenMeasures, measuresFor } from './measures.js';
import { moreEpochs } from './more-epochs.js';
import { inputAgain, type Request, type Showing, showingOf } from './request.js';
import { styleNotes } from './style-notes.js';

const orderSchema = orderOfKind('texture', {
  quality: z.enum(qualities),
  /** The preset or kept style; undefined for a picture of the person's own. */
  preset: presetReferenceSchema.optional(),
  /** Whether the texture is seamless. */
  tile: z.boolean(),
  /** The next quality at which the texture would be larger; undefined where nothing larger was allowed. */
  larger: z.enum(qualities).optional(),
});
type TextureOrder = z.infer<typeof orderSchema>;

export const textureTexts = inAllLanguages({
  en: {
    command: {
      description: 'Make a texture of a style, with nothing else in it',
      style: 'The picture whose style it is made of',
      preset: 'A ready-made style (default: White Walker)',
      tile: 'Make it seamless, to be laid side by side',
    },
    /** The style is undefined where it is the person's own. */
    title: (style: string | undefined) => `Texture of ${style ?? 'your own style'}`,
    tile: 'seamless',
    /** The style is undefined where it is another picture without a name. */
    pictureAlt: (style: string | undefined) =>
      `A texture with the colours and strokes of ${style ?? 'another picture'}, and nothing else`,
    animationAlt: 'An animation: the texture comes out of noise',
  },
  de: {
    command: {
      description: 'Aus einem Stil eine Textur machen, in der sonst nichts ist',
      style: 'Das Bild, aus dessen Stil sie wird',
      preset: 'Ein fertiger Stil (sonst: Weißer Wanderer)',
      tile: 'Nahtlos, um sie nebeneinander zu legen',
    },
    title: (style) => `Textur ${style === undefined ? 'aus einem eigenen Stil' : `von „${style}“`}`,
    tile: 'nahtlos',
    pictureAlt: (style) =>
      `Eine Textur mit den Farben und Pinselstrichen ${style === undefined ? 'eines anderen Bildes' : `von „${style}“`} und sonst nichts`,
    animationAlt: 'Eine Animation: Die Textur entsteht aus Rauschen',
  },
});

/** What somebody asks of `/texture`; what is undefined is up to the server's settings. */
export interface TextureWishes extends ChosenMeasures, Showing {
  readonly style: InputSource;
  /** The preset or kept style; undefined for a picture of the person's own. */
  readonly preset?: PresetReference | undefined;
  readonly tile?: boolean | undefined;
}

/** Returns a `texture` request, which throws UserError for more epochs than the server allows. */
export function textureRequest(wishes: TextureWishes): Request {
  return (settings, bot, personal) => {
    const { preset, tile = false, spoiler = false } = wishes;
    const { network, ...measures } = measuresFor(wishes, settings, bot, personal);
    const accent = accentOfPreset(preset);
    const order: TextureOrder = { kind: 'texture', preset, ...measures, tile, spoiler, accent };
    return {
      order,
      task: {
        kind: 'texture',
        network,
        size: order.size,
        epochs: order.epochs,
        tile,
        layers: tunedBy(preset).layers?.style,
      },
      inputs: { style: wishes.style },
      private: wishes.private ?? false,
    };
  };
}

/** The kind `texture`: a style alone, ordered by `/texture`. */
export const texture: Kind<TextureOrder> = {
  order: orderSchema,
  texts: textureTexts,
  title: (texts, { preset }) => textureTexts[texts.language].title(preset && styleTitle(preset, texts)),
  result(texts, { preset, quality, tile }, result) {
    const { title, tile: isTile, pictureAlt, animationAlt } = textureTexts[texts.language];
    const style = preset && styleTitle(preset, texts);
    return {
      headline: line(title(style), texts.qualities[quality], ...(tile ? [isTile] : [])),
      facts: texts.job.facts(result),
      notes: styleNotes(texts, result.findings),
      pictureAlt: pictureAlt(style),
      animationAlt,
    };
  },
  again: (from) => textureRequest({ ...textureAgain(from), epochs: from.order.epochs }),
  buttons: [
    moreEpochs({ request: (from, epochs) => textureRequest({ ...textureAgain(from), epochs }) }),
    larger((from, measures) => textureRequest({ ...textureAgain(from), ...measures })),
  ],
};

/** Returns the wishes that order the same texture as a finished job once more. */
function textureAgain({ job, order: { preset, quality, tile } }: Finished<TextureOrder>): TextureWishes {
  return { style: inputAgain(job, 'style'), preset, quality, tile, ...showingOf(job) };
}
