import type { InputSource, Job } from '../../jobs/job.js';
import type { OrderOf } from '../../jobs/order.js';
import { type ChosenMeasures, checkEpochs, measuresFor } from './measures.js';
import { inputAgain, type Request, type Showing, showingOf } from './request.js';

/** What layers see in a picture; what is undefined is up to the server's settings. */
export interface LayersWishes extends ChosenMeasures, Showing {
  readonly content: InputSource;
  readonly layers?: readonly string[] | undefined;
}

/** From colours and edges to things. */
const usualLayers = ['relu1_1', 'relu2_1', 'relu3_1', 'relu4_1', 'relu5_1'];

export function layersRequest(wishes: LayersWishes): Request {
  return (settings, bot) => {
    const { layers = usualLayers, spoiler = false } = wishes;
    const epochsMax = epochsOfEach(layers, settings.epochsMax);
    if (wishes.epochs !== undefined) checkEpochs(wishes.epochs, epochsMax);
    const { quality, network, size, epochs: usual } = measuresFor({ quality: wishes.quality }, settings, bot);
    const epochs = wishes.epochs ?? Math.min(usual, epochsMax);
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
