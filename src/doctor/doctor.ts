import type { ComputeSlots } from '../compute-slots.js';
import { databasePath, type HostConfig } from '../config.js';
import { type Check, failure, warning } from './finding.js';
import { addressSpaceTrouble, checkGpus, checkMachine } from './machine-checks.js';

/** What the environment says beside the configuration. */
export interface Surroundings {
  /** Sentences about settings that seem to be mistaken. */
  readonly warnings: readonly string[];
  /** Reads the bot's token; undefined where none is set. @throws `config/bad-value` for what can't be one. */
  readToken(): string | undefined;
}

/**
 * Lists the checks of the whole installation, in the order in which one depends on the other. Each loads its modules only
 * when it runs, so that a package that is missing fails the checks that need it, and no others.
 */
export function checksFor(config: HostConfig, { warnings, readToken }: Surroundings): readonly Check[] {
  const settings = async () => warnings.map((sentence) => warning('settings', sentence, 'See .env.example.'));
  const discord = async () => {
    const token = readToken();
    if (token === undefined) {
      const remedy = 'Write DISCORD_TOKEN=… into .env; the command line works without.';
      return [failure('discord', 'DISCORD_TOKEN is not set, so there is no bot to run.', remedy)];
    }
    if (addressSpaceTrouble() !== undefined) return [failure('discord', "Discord can't be asked without WebAssembly.")];
    const { REST } = await import('discord.js');
    const { commands } = await import('../command-table.js');
    const { checkDiscord } = await import('./discord-checks.js');
    const rest = new REST(config.discordApi === undefined ? {} : { api: config.discordApi }).setToken(token);
    return checkDiscord(rest, commands, config.developmentGuildId);
  };
  const { redis } = config;
  return [
    { part: 'machine', run: () => checkMachine(config.dataFolder) },
    {
      part: 'memory',
      run: async () => {
        const { checkMemoryLimit } = await import('./memory-check.js');
        const { availableNetworks } = await import('../engine/weights/bundled.js');
        return checkMemoryLimit({ ...config, ...(await slotsOf(config)) }, availableNetworks());
      },
    },
    { part: 'gpu', run: checkGpus },
    {
      part: 'webgpu',
      run: async () => (await import('./webgpu-check.js')).checkWebGpu(config.engine),
    },
    {
      part: 'engine',
      run: async () => {
        const { checkEngine } = await import('./engine-checks.js');
        const { slots, usesGpu } = await slotsOf(config);
        return checkEngine({ ...config, memoryBytes: usesGpu ? undefined : slots.memoryBytes });
      },
    },
    { part: 'settings', run: settings },
    {
      part: 'database',
      run: async () => (await import('./database-check.js')).checkDatabase(databasePath(config)),
    },
    ...(redis === undefined
      ? []
      : [{ part: 'redis', run: async () => (await import('./redis-check.js')).checkRedis(redis.url) }]),
    { part: 'discord', run: discord },
  ];
}

/** Returns how jobs will share this machine, and whether they compute on a GPU. */
async function slotsOf(config: HostConfig): Promise<{ readonly slots: ComputeSlots; readonly usesGpu: boolean }> {
  const { decideSlots } = await import('../compute-slots.js');
  const { networkFor } = await import('../engine/choose-network.js');
  const { probeGpu } = await import('../engine/gpu-probe.js');
  const { answers: usesGpu } = await probeGpu(config.engine);
  const { network } = networkFor(config.network, usesGpu);
  return { slots: decideSlots(config, { usesGpu, network }), usesGpu };
}
