import type { InputSource } from '../../jobs/job.js';
import { spotDifferenceDefaults } from '../../spot-difference/spot-difference.js';
import type { Request, Showing } from './request.js';

/** What two pictures differ in. */
export interface SpotDifferenceWishes extends Showing {
  readonly first: InputSource;
  readonly second: InputSource;
}

export function spotDifferenceRequest({
  first,
  second,
  spoiler = false,
  private: isPrivate,
}: SpotDifferenceWishes): Request {
  return ({ sizeMax, epochsMax }) => {
    const { size, epochs } = spotDifferenceDefaults;
    const measures = { size: Math.min(size, sizeMax), epochs: Math.min(epochs, epochsMax) };
    return {
      order: { kind: 'spot-difference', ...measures, spoiler },
      task: { kind: 'spot-difference', ...measures },
      inputs: { first, second },
      private: isPrivate ?? false,
    };
  };
}
