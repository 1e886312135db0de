import { type Command, Option } from 'commander';
import type { Config } from '../config.js';
import { type EngineName, engineNames } from '../engine/choose-engine.js';
import type { Engine } from '../engine/engine.js';
import { type NetworkName, networkNames, type Pooling, poolings } from '../engine/topology.js';

/** Which network looks and what computes, as commander has parsed it. */
export interface EngineFlags {
  readonly network?: NetworkName;
  readonly weights?: string;
  readonly engine: EngineName;
  readonly pooling?: Pooling;
}

/** Gives a command the options that {@link EngineFlags} are of. */
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

/**
 * Opens the engine that was asked for.
 * @param fallback - network and pooling where no option says them.
 */
export function engineOpener(
  { network, weights, engine, pooling }: EngineFlags,
  config: Config,
  fallback: { readonly network?: NetworkName | undefined; readonly pooling?: Pooling | undefined } = {},
): () => Promise<Engine> {
  const choice = {
    engine,
    // What is not asked for here is only a default: a weights file says itself what it holds.
    network: network ?? (weights === undefined ? (fallback.network ?? config.network) : undefined),
    weightsPath: weights,
    pooling: pooling ?? fallback.pooling,
    threads: config.threads,
  };
  return async () => (await import('../engine/open-engine.js')).openEngine(choice);
}
