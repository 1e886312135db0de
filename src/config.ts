import { type EngineName, engineNames } from './engine/open-engine.js';
import { type NetworkName, networkNames } from './engine/topology.js';

/** What the environment sets; .env.example lists every variable with its default. */
export interface Config {
  readonly engine: EngineName;
  /** Undefined: the one that the engine chooses. */
  readonly network: NetworkName | undefined;
  /** Undefined: as many as there are processors. */
  readonly threads: number | undefined;
}

/** A variable that holds something impossible; the message names it and what is possible. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * The configuration that an environment describes. Empty variables count as not set.
 * @throws ConfigError at the first variable that makes no sense.
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  return {
    engine: choice(environment, 'ENGINE', engineNames) ?? 'auto',
    network: choice(environment, 'NETWORK', networkNames),
    threads: wholeNumber(environment, 'THREADS', 1, 1024),
  };
}

function choice<Name extends string>(
  environment: Readonly<Record<string, string | undefined>>,
  variable: string,
  allowed: readonly Name[],
): Name | undefined {
  const value = environment[variable]?.trim();
  if (!value) return undefined;
  const found = allowed.find((name) => name === value);
  if (found === undefined) throw new ConfigError(`${variable} is "${value}". Choose from ${allowed.join(', ')}.`);
  return found;
}

function wholeNumber(
  environment: Readonly<Record<string, string | undefined>>,
  variable: string,
  smallest: number,
  largest: number,
): number | undefined {
  const value = environment[variable]?.trim();
  if (!value) return undefined;
  const number = Number(value);
  if (Number.isInteger(number) && number >= smallest && number <= largest) return number;
  throw new ConfigError(`${variable} is "${value}". It must be a whole number from ${smallest} to ${largest}.`);
}
