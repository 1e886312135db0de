import { z } from 'zod';
import { convolutionsOf, layerNames, type NetworkName, networkTitles, topologies } from '../../engine/topology.js';
import type { InputSource } from '../../jobs/job.js';
import { usualLayers } from '../../transfer/layer-pictures.js';
import { qualities } from '../../works/quality.js';
import { inAllLanguages } from '../texts/language.js';
import { UserError } from '../user-error.js';
import { type Finished, type Kind, line, orderOfKind } from './kind.js';
import { larger } from './larger.js';
import { type ChosenMeasures, checkEpochs, measuresFor } from './measures.js';
import { moreEpochs } from './more-epochs.js';
import { inputAgain, type Request, type Showing, showingOf } from './request.js';

/** Schema of the orders for `/layers`; an order's `epochs` are those of each layer. */
const orderSchema = orderOfKind('layers', {
  quality: z.enum(qualities),
  layers: z.array(z.string()).min(1).readonly(),
  /** The next quality at which the pictures would be larger; undefined where nothing larger was allowed. */
  larger: z.enum(qualities).optional(),
});
type LayersOrder = z.infer<typeof orderSchema>;

export const layersTexts = inAllLanguages({
  en: {
    command: {
      description: 'Show what layers of the neural network see in a picture',
      image: 'The picture',
      layers: 'Which layers, such as relu1_1, relu3_1, relu5_1 (default: one of each block)',
    },
    // The sentence for `/layers` tells of `/texture`, too, which therefore has none of its own.
    help: '`/layers` shows what the network sees in a picture, `/texture` a style alone.',
    title: 'What layers see',
    pictureAlt: (layers: readonly string[]) => `What is left of the picture in ${layers.join(', ')}, side by side`,
    animationAlt: 'An animation: the picture comes out of noise, once for each layer',
  },
  de: {
    command: {
      description: 'Zeigen, was Schichten des neuronalen Netzes in einem Bild sehen',
      image: 'Das Bild',
      layers: 'Welche Schichten, zum Beispiel relu1_1, relu3_1 (sonst: eine aus jedem Block)',
    },
    help: '`/layers` zeigt, was das Netz in einem Bild sieht, `/texture` einen Stil allein.',
    title: 'Was Schichten sehen',
    pictureAlt: (layers) => `Was in ${layers.join(', ')} vom Bild übrig ist, nebeneinander`,
    animationAlt: 'Eine Animation: Das Bild entsteht aus Rauschen, einmal für jede Schicht',
  },
});

/** What somebody asks of `/layers`; what is undefined is up to the server's settings. */
export interface LayersWishes extends ChosenMeasures, Showing {
  readonly content: InputSource;
  readonly layers?: readonly string[] | undefined;
}

/** Most layers of one order: the pictures of more would be too small, side by side, to see anything. */
const mostLayers = 8;

/** Returns a `layers` request, which throws UserError for unknown layers, and for too many layers or epochs. */
export function layersRequest(wishes: LayersWishes): Request {
  return (settings, bot, personal) => {
    const { spoiler = false } = wishes;
    const measures = measuresFor({ quality: wishes.quality }, settings, bot, personal);
    const { quality, network, larger } = measures;
    const layers = checkedLayers(wishes.layers ?? usualLayers, network);
    const epochsMax = epochsOfEach(layers, settings.epochsMax);
    if (wishes.epochs !== undefined) checkEpochs(wishes.epochs, epochsMax);
    const epochs = wishes.epochs ?? Math.min(measures.epochs, epochsMax);
    // The picture of each layer has half the size, since several stand side by side.
    const size = Math.max(64, Math.round(measures.size / 2));
    const order: LayersOrder = { kind: 'layers', layers, quality, size, epochs, larger, spoiler };
    return {
      order,
      task: { kind: 'layers', network, layers, size, epochs },
      inputs: { content: wishes.content },
      private: wishes.private ?? false,
    };
  };
}

/** The kind `layers`: pictures of what layers of the network see, ordered by `/layers`. */
export const layers: Kind<LayersOrder> = {
  order: orderSchema,
  texts: layersTexts,
  title: ({ language }) => layersTexts[language].title,
  result({ language, qualities, job }, { layers, quality }, result) {
    const { title, pictureAlt, animationAlt } = layersTexts[language];
    return {
      headline: line(title, qualities[quality]),
      facts: line(layers.join(', '), job.facts(result)),
      pictureAlt: pictureAlt(layers),
      animationAlt,
    };
  },
  again: (from) => layersRequest({ ...layersAgain(from), epochs: from.order.epochs }),
  buttons: [
    moreEpochs({
      most: ({ layers }, { epochsMax }) => epochsOfEach(layers, epochsMax),
      request: (from, epochs) => layersRequest({ ...layersAgain(from), epochs }),
    }),
    // Epochs are those of each layer here, so the quality's own are shared out anew.
    larger((from, { quality }) => layersRequest({ ...layersAgain(from), quality })),
  ],
};

/** Returns the wishes that order the same pictures as a finished job once more. */
function layersAgain({ job, order: { layers, quality } }: Finished<LayersOrder>): LayersWishes {
  return { content: inputAgain(job, 'content'), layers, quality, ...showingOf(job) };
}

/** Returns the most epochs for each layer, where the server's limit is for all layers together. */
function epochsOfEach(layers: readonly string[], epochsMax: number): number {
  return Math.max(1, Math.floor(epochsMax / layers.length));
}

/** Returns the layers that were asked for, each once. @throws UserError for too many, or one that the network lacks. */
function checkedLayers(asked: readonly string[], network: NetworkName | undefined): readonly string[] {
  const layers = [...new Set(asked.map((layer) => layer.toLowerCase()))];
  requireLayers(layers, network);
  if (layers.length > mostLayers) throw new UserError('too-many-layers', { max: mostLayers });
  return layers;
}

/**
 * Checks before anything is computed that a network has all of these layers.
 * @param network - undefined for the network that comes with whitewalker.
 * @throws UserError `unknown-layer` for a layer that the network lacks; it says what layers the network has.
 */
export function requireLayers(layers: readonly string[], network: NetworkName = 'vgg19-lite'): void {
  const available = layerNames(convolutionsOf(topologies[network]));
  const layer = layers.find((name) => !available.includes(name));
  if (layer === undefined) return;
  const names = available.filter((name) => name.startsWith('relu')).join(', ');
  throw new UserError('unknown-layer', { layer, network: networkTitles[network], layers: names });
}
