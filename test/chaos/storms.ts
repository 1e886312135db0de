import type { Fault, PlannedFault } from '../../src/local-discord/faults.js';
import { answers, type ChaosFault, edits, everything, fetches, type Scope } from './chaos-fault.js';
import type { Choices } from './choices.js';

/** How long a fault waits for requests before it is taken back, so that none is left over at the end. */
const longestStormMs = 8000;
/** Faults that happen to several requests in a row. */
export const storms: readonly ChaosFault[] = [
  throttling('429 on edits', 7, { ...edits, isGlobal: false }, [3, 20]),
  throttling('429 for everything the bot does', 4, { ...everything, isGlobal: true }, [2, 8]),
  storm('5xx on edits', 7, edits, [3, 15], (choices) => ({ status: choices.one([500, 502, 503, 504]) })),
  storm('5xx on answers to orders', 3, answers, [1, 4], (choices) => ({ status: choices.one([500, 503]) })),
  storm('5xx on everything', 5, everything, [3, 20], (choices) => ({ status: choices.one([500, 502, 503]) })),
  storm('slow answers', 4, everything, [5, 20], (choices) => ({ delayMs: choices.whole(100, 800) })),
  storm('connections cut at once', 4, everything, [1, 6], () => 'reset'),
  storm('connections cut in an upload', 4, edits, [1, 4], (choices) => ({
    resetAfterBytes: choices.whole(100, 20_000),
  })),
  storm('edits done, and the connection cut', 5, edits, [1, 4], () => 'reset-after-processing'),
  storm('orders answered, and the connection cut', 4, answers, [1, 2], () => 'reset-after-processing'),
  storm('the CDN is slow', 5, fetches, [1, 4], (choices) => ({
    slowBody: { chunkBytes: choices.whole(50, 300), everyMs: 100 },
  })),
  storm('the CDN answers late', 3, fetches, [1, 4], (choices) => ({ delayMs: choices.whole(300, 3000) })),
  storm('the CDN fails for a moment', 4, fetches, [1, 2], () => ({ status: 503 })),
  storm('the CDN fails', 3, fetches, [4, 8], () => ({ status: 500 })),
  storm('the CDN breaks off', 3, fetches, [1, 5], (choices) => ({ endsAfterBytes: choices.whole(0, 200) })),
  storm('the CDN has lost a picture', 2, fetches, [1, 1], () => ({ status: 404 })),
];
function storm(
  name: string,
  share: number,
  scope: Scope,
  [least, most]: readonly [number, number],
  fault: (choices: Choices) => Fault,
): ChaosFault {
  return {
    name,
    share,
    strike: ({ discord }, choices) => {
      const times = choices.whole(least, most);
      const happens = fault(choices);
      end(discord.faults.next({ ...scope, times, do: happens }));
      return `${times} times: ${JSON.stringify(happens)}`;
    },
  };
}

function throttling(
  name: string,
  share: number,
  scope: Scope & { readonly isGlobal: boolean },
  [least, most]: readonly [number, number],
): ChaosFault {
  return {
    name,
    share,
    strike: ({ discord }, choices) => {
      const times = choices.whole(least, most);
      const retryAfterMs = choices.whole(100, 1000);
      end(discord.faults.rateLimited({ ...scope, times, retryAfterMs }));
      return `${times} times: again after ${retryAfterMs} ms`;
    },
  };
}

function end(planned: PlannedFault): void {
  setTimeout(() => planned.cancel(), longestStormMs).unref();
}
