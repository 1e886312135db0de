import type { InputSource, Job } from '../../jobs/job.js';
import type { OrderOf, PresetReference, Strength } from '../../jobs/order.js';
import { planStyleTransfer } from '../../jobs/style-transfer-order.js';
import { defaultPreset } from '../style-choice.js';
import { type ChosenMeasures, measuresFor } from './measures.js';
import { inputAgain, type Request, type Showing, showingOf } from './request.js';
import { tunedBy } from './tuned-by.js';

/** A picture in the style of another; what is undefined is up to the server's settings. */
export interface StyleTransferWishes extends ChosenMeasures, Showing {
  readonly content: InputSource;
  readonly style: InputSource;
  /** Undefined: the style is a picture of the person's own. */
  readonly preset?: PresetReference | undefined;
  readonly strength?: Strength | undefined;
  readonly keepColors?: boolean | undefined;
}

export function styleTransferRequest(wishes: StyleTransferWishes): Request {
  return (settings, bot) => {
    const { network, ...measures } = measuresFor(wishes, settings, bot);
    const order = {
      kind: 'style-transfer',
      preset: wishes.preset,
      strength: wishes.strength ?? 'balanced',
      ...measures,
      keepColors: wishes.keepColors ?? false,
      spoiler: wishes.spoiler ?? false,
    } as const;
    return {
      order,
      task: planStyleTransfer(order, tunedBy(wishes.preset), network),
      inputs: { content: wishes.content, style: wishes.style },
      private: wishes.private ?? false,
    };
  };
}

/** A picture in the style that is taken where nobody chooses. */
export function whiteWalkerRequest(content: InputSource): Request {
  return styleTransferRequest({ content, style: { kind: 'preset', preset: defaultPreset }, preset: defaultPreset });
}

/** The wishes that lead to the same picture again. */
export function styleTransferAgain(job: Job, order: OrderOf<'style-transfer'>): StyleTransferWishes {
  const { preset, strength, quality, epochs, keepColors } = order;
  const inputs = { content: inputAgain(job, 'content'), style: inputAgain(job, 'style') };
  return { ...inputs, preset, strength, quality, epochs, keepColors, ...showingOf(job) };
}
