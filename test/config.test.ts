import { describe, expect, it } from 'vitest';
import { ConfigError, readBotConfig } from '../src/config.js';

describe('GPUS', () => {
  const gpus = (value: string | undefined) => readBotConfig({ DISCORD_TOKEN: 'token', GPUS: value }).gpus;

  it('lists the numbers that compute slots take in turn; without it the choice is left to CUDA', () => {
    expect(gpus('0, 2')).toEqual(['0', '2']);
    expect(gpus('1')).toEqual(['1']);
    expect([gpus(undefined), gpus(' ')]).toEqual([undefined, undefined]);
  });

  it.each(['a', '0,', '0;1', '-1'])('is refused as "%s", with what it may be', (value) => {
    expect(() => gpus(value)).toThrow(ConfigError);
    expect(() => gpus(value)).toThrow(`GPUS is "${value}". Write the numbers that nvidia-smi shows`);
  });
});
