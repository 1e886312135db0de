import { describe, expect, it } from 'vitest';
import { CodedError } from '../src/coded-error.js';
import { readBotConfig, readWorkerConfig } from '../src/config.js';

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

describe('REDIS_URL', () => {
  const s3 = { S3_ENDPOINT: 'https://s3.example', S3_BUCKET: 'b', S3_ACCESS_KEY_ID: 'id', S3_SECRET_ACCESS_KEY: 'key' };

  it('is what a worker can’t do without, and the bot can', () => {
    expect(readBotConfig({ DISCORD_TOKEN: 'token', REDIS_URL: ' ' }).redis).toBeUndefined();
    expect(() => readWorkerConfig({})).toThrow('REDIS_URL is not set');
    const { redis, token, lostMs } = readWorkerConfig({ REDIS_URL: 'rediss://host:6380/1' });
    expect(redis).toEqual({ url: 'rediss://host:6380/1', s3: undefined });
    expect([token, lostMs]).toEqual([undefined, 15_000]);
  });

  it('is not shown where it is refused, since it may hold a password', () => {
    const error = (REDIS_URL: string) => () => readWorkerConfig({ REDIS_URL });
    expect(error('http://user:secret@host')).toThrow(/^REDIS_URL must be an address that begins with redis:/);
    expect(error('secret')).toThrow(/^(?!.*secret)/);
  });

  it('comes with all of S3_*, or none', () => {
    const { redis } = readWorkerConfig({ REDIS_URL: 'redis://host', ...s3 });
    expect(redis.s3).toMatchObject({ endpoint: 'https://s3.example', region: 'us-east-1' });
    expect(() => readWorkerConfig({ REDIS_URL: 'redis://host', ...s3, S3_BUCKET: '' })).toThrow(
      'S3_ENDPOINT is set and S3_BUCKET is not.',
    );
  });
});

describe('SHARDS', () => {
  it('is a number, or what Discord recommends', () => {
    const shards = (SHARDS: string) => readBotConfig({ DISCORD_TOKEN: 'token', SHARDS }).shards;
    expect(['', '4', 'auto'].map(shards)).toEqual([1, 4, 'auto']);
    expect(() => shards('many')).toThrow('SHARDS is "many".');
  });
});

describe('COMPUTE_SLOTS', () => {
  it('is a number, or what the machine is good for', () => {
    const slots = (COMPUTE_SLOTS: string) => readBotConfig({ DISCORD_TOKEN: 'token', COMPUTE_SLOTS }).computeSlots;
    expect(['', '4', 'auto'].map(slots)).toEqual(['auto', 4, 'auto']);
    for (const other of ['0x2', '1e1', '2.0']) expect(() => slots(other)).toThrow(`COMPUTE_SLOTS is "${other}".`);
    expect(() => slots('many')).toThrow('COMPUTE_SLOTS is "many". It must be auto or a whole number from 1 to 64.');
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
    expect(() => gpus(value)).toThrow(CodedError);
    expect(() => gpus(value)).toThrow(`GPUS is "${value}". Write the numbers that nvidia-smi shows`);
  });
});
