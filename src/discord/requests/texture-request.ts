import type { InputSource, Job } from '../../jobs/job.js';
import type { OrderOf, PresetReference } from '../../jobs/order.js';
import { type ChosenMeasures, measuresFor } from './measures.js';
import { inputAgain, type Request, type Showing, showingOf } from './request.js';
import { tunedBy } from './tuned-by.js';

/** A style alone; what is undefined is up to the server's settings. */
export interface TextureWishes extends ChosenMeasures, Showing {
  readonly style: InputSource;
  /** Undefined: the style is a picture of the person's own. */
  readonly preset?: PresetReference | undefined;
  readonly tile?: boolean | undefined;
}

export function textureRequest(wishes: TextureWishes): Request {
  return (settings, bot) => {
    const { preset, tile = false, spoiler = false } = wishes;
    const { quality, network, size, epochs } = measuresFor(wishes, settings, bot);
    return {
      order: { kind: 'texture', preset, quality, size, epochs, tile, spoiler },
      task: { kind: 'texture', network, size, epochs, tile, layers: tunedBy(preset).layers?.style },
      inputs: { style: wishes.style },
      private: wishes.private ?? false,
    };
  };
}

/** The wishes that lead to the same texture again. */
export function textureAgain(job: Job, { preset, quality, epochs, tile }: OrderOf<'texture'>): TextureWishes {
  return { style: inputAgain(job, 'style'), preset, quality, epochs, tile, ...showingOf(job) };
}
