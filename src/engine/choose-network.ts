import type { NetworkName } from './topology.js';
import { availableNetworks, bundledWeights } from './weights/bundled.js';
import { fetchCommand, weightsError } from './weights/weights-error.js';

/** The facts by which a network is chosen. */
export interface NetworkRequest {
  /** The network that somebody asked for; undefined or 'auto' takes the one that suits the machine. */
  readonly requested?: NetworkName | 'auto' | undefined;
  /** The networks whose weights are on this machine. */
  readonly available: readonly NetworkName[];
  /** Whether the engine computes on a GPU. */
  readonly gpu: boolean;
}

/** The network that was chosen, and the reason as a sentence. */
export interface NetworkChoice {
  readonly network: NetworkName;
  readonly reason: string;
}

/**
 * Chooses the network: the one that was asked for, or else VGG19 where its weights are here and a GPU has the strength
 * for it, and VGG19-lite everywhere else.
 * @throws `weights/not-fetched` where the requested network's weights are not here, with the command that fetches them.
 */
export function chooseNetwork({ requested = 'auto', available, gpu }: NetworkRequest): NetworkChoice {
  const hasFull = available.includes('vgg19');
  if (requested === 'auto') {
    if (hasFull && gpu) return { network: 'vgg19', reason: 'Its weights are here and a GPU computes.' };
    const reason = hasFull
      ? 'VGG19 takes many times as long without a GPU; NETWORK=vgg19 uses it all the same.'
      : gpu
        ? `A GPU computes: \`${fetchCommand('vgg19')}\` fetches VGG19, which is then what paints, and better.`
        : `It comes with the program; ${fetchCommand('vgg19')} fetches VGG19.`;
    return { network: 'vgg19-lite', reason };
  }
  if (available.includes(requested)) return { network: requested, reason: 'It was asked for.' };
  throw weightsError({
    code: requested === 'vgg19-lite' ? 'missing' : 'not-fetched',
    file: bundledWeights(requested),
    problem: `the weights of ${requested} are not here`,
    remedy:
      requested === 'vgg19-lite'
        ? 'They come with the program: install it again.'
        : `Fetch them with \`${fetchCommand(requested)}\`, or take vgg19-lite, which comes with the program.`,
  });
}

/**
 * Chooses the network that this machine's engine will run.
 * @param gpu - whether the engine computes on a GPU.
 * @throws `weights/not-fetched` where the network's weights are not here, with the command that fetches them.
 */
export function networkFor(requested: NetworkName | undefined, gpu = false): NetworkChoice {
  return chooseNetwork({ requested, available: availableNetworks(), gpu });
}
