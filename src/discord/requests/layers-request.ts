import type { NetworkName } from '../../engine/topology.js';
import type { InputSource, Job } from '../../jobs/job.js';
import type { OrderOf } from '../../jobs/order.js';
import { usualLayers } from '../../transfer/layer-pictures.js';
import { UserError } from '../user-error.js';
import { requireLayers } from './known-layers.js';
import { type ChosenMeasures, checkEpochs, measuresFor } from './measures.js';
import { inputAgain, type Request, type Showing, showingOf } from './request.js';

/** What layers see in a picture; what is undefined is up to the server's settings. */
export interface LayersWishes extends ChosenMeasures, Showing {
  readonly content: InputSource;
  readonly layers?: readonly string[] | undefined;
}

/** More would be too small to see anything, side by side. */
const mostLayers = 8;

export function layersRequest(wishes: LayersWishes): Request {
  return (settings, bot) => {
    const { spoiler = false } = wishes;
    const measures = measuresFor({ quality: wishes.quality }, settings, bot);
    const { quality, network } = measures;
    const layers = checkedLayers(wishes.layers ?? usualLayers, network);
    const epochsMax = epochsOfEach(layers, settings.epochsMax);
    if (wishes.epochs !== undefined) checkEpochs(wishes.epochs, epochsMax);
    const epochs = wishes.epochs ?? Math.min(measures.epochs, epochsMax);
    // There are several pictures, side by side.
    const size = Math.max(64, Math.round(measures.size / 2));
    return {
      order: { kind: 'layers', layers, quality, size, epochs, spoiler },
      task: { kind: 'layers', network, layers, size, epochs },
      inputs: { content: wishes.content },
      private: wishes.private ?? false,
    };
  };
}

/** The epochs that each layer may have, where all of them together are what the server allows. */
export function epochsOfEach(layers: readonly string[], epochsMax: number): number {
  return Math.max(1, Math.floor(epochsMax / layers.length));
}

/** The wishes that lead to the same pictures again. */
export function layersAgain(job: Job, { layers, quality, epochs }: OrderOf<'layers'>): LayersWishes {
  return { content: inputAgain(job, 'content'), layers, quality, epochs, ...showingOf(job) };
}

/** Each layer once. @throws UserError for one that the network lacks, or for too many. */
function checkedLayers(asked: readonly string[], network: NetworkName | undefined): readonly string[] {
  const layers = [...new Set(asked.map((layer) => layer.toLowerCase()))];
  requireLayers(layers, network);
  if (layers.length > mostLayers) throw new UserError('too-many-layers', { max: mostLayers });
  return layers;
}
