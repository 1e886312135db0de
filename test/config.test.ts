import { describe, expect, it } from 'vitest';
import { ConfigError, readBotConfig } from '../src/config.js';

describe('METRICS_PORT', () => {
  const metrics = (environment: Record<string, string>) =>
    readBotConfig({ DISCORD_TOKEN: 'token', ...environment }).metrics;

  it('opens the server for operators, on the loopback where no other address is given', () => {
    expect(metrics({})).toBeUndefined();
    expect(metrics({ METRICS_HOST: '::' })).toBeUndefined();
    expect(metrics({ METRICS_PORT: '9464' })).toEqual({ host: '127.0.0.1', port: 9464 });
    expect(metrics({ METRICS_PORT: '0', METRICS_HOST: '::1' })).toEqual({ host: '::1', port: 0 });
    expect(() => metrics({ METRICS_PORT: '65536' })).toThrow('METRICS_PORT is "65536".');
  });
});

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
