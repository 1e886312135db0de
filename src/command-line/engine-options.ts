import { type Command, Option } from 'commander';
import type { Config } from '../config.js';
import { type EngineName, engineNames } from '../engine/choose-engine.js';
import type { Engine } from '../engine/engine.js';
import { memoryLimit } from '../engine/memory-limit.js';
import { type NetworkName, networkNames, type Pooling, poolings } from '../engine/topology.js';

/** Options about network and engine, as commander has parsed them. */
export interface EngineFlags {
  readonly network?: NetworkName;
  readonly weights?: string;
  readonly engine: EngineName;
  readonly pooling?: Pooling;
}

/** Adds the options to a command whose values are {@link EngineFlags}. */
export function addEngineOptions(command: Command, config: Config): Command {
  return command
    .addOption(
      new Option('--network <name>', 'the network that looks (default: vgg19-lite, or what --weights holds)').choices(
        networkNames,
      ),
    )
    .option('--weights <file>', "a safetensors file instead of the network's own weights")
    .addOption(new Option('--engine <name>', 'what computes').choices(engineNames).default(config.engine))
    .addOption(new Option('--pooling <kind>', 'how the network is pooled (default: as trained)').choices(poolings));
}

/** What is needed to open an engine, and the memory that it shares with the rest of the process, in bytes. */
export interface EngineOpener {
  readonly openEngine: () => Promise<Engine>;
  readonly memoryBytes: number;
}

/**
 * Returns a function that opens the engine that the options ask for.
 * @param fallback - network and pooling for when no option names them.
 */
export function engineOpener(
  { network, weights, engine, pooling }: EngineFlags,
  config: Config,
  fallback: { readonly network?: NetworkName | undefined; readonly pooling?: Pooling | undefined } = {},
): EngineOpener {
  const choice = {
    engine,
    // A weights file says itself which network it holds, so defaults apply only where no such file is given.
    network: network ?? (weights === undefined ? (fallback.network ?? config.network) : undefined),
    weightsPath: weights,
    pooling: pooling ?? fallback.pooling,
    threads: config.threads,
  };
  const { bytes: memoryBytes } = memoryLimit(config.memoryMegabytes);
  const openEngine = async () => {
    const [opening, memory] = await Promise.all([
      import('../engine/open-engine.js'),
      import('../transfer/transfer-memory.js'),
    ]);
    return opening.openEngine(choice, { memoryFor: memory.memoryForEvaluating(memoryBytes) });
  };
  return { openEngine, memoryBytes };
}
