import type { InputSource } from '../../jobs/job.js';
import type { Request, Showing } from './request.js';

/** What two pictures differ in. */
export interface SpotDifferenceWishes extends Showing {
  readonly first: InputSource;
  readonly second: InputSource;
}

/** Enough for each pixel to get where it is to be. */
const epochs = 60;

export function spotDifferenceRequest({
  first,
  second,
  spoiler = false,
  private: isPrivate,
}: SpotDifferenceWishes): Request {
  return (settings, { config }) => {
    const { size } = config.qualities[settings.quality ?? 'standard'];
    const measures = { size: Math.min(size, settings.sizeMax), epochs: Math.min(epochs, settings.epochsMax) };
    return {
      order: { kind: 'spot-difference', ...measures, spoiler },
      task: { kind: 'spot-difference', ...measures },
      inputs: { first, second },
      private: isPrivate ?? false,
    };
  };
}
