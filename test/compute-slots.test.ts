import { expect, it } from 'vitest';
import { decideSlots, type SlotsConfig, type SlotsUse } from '../src/compute-slots.js';
import { readHostConfig } from '../src/config.js';

/** Decides what an environment asks for, on a machine of as many threads as THREADS says. */
function slots(environment: Readonly<Record<string, string>>, use: Partial<SlotsUse> = {}) {
  const config: SlotsConfig = readHostConfig({ THREADS: '4', MEMORY_MB: '100000', ...environment });
  return decideSlots(config, { usesGpu: false, network: 'vgg19-lite', ...use });
}

it('as many pictures are painted at once as there are threads, up to eight, and share them', () => {
  expect(slots({})).toEqual({ count: 4, shared: 4, threads: 4, memoryBytes: 25e9 });
  expect(slots({ COMPUTE_SLOTS: 'auto', THREADS: '2', ENGINE: 'onnx' })).toMatchObject({ count: 2, shared: 2 });
  expect(slots({ THREADS: '64' })).toMatchObject({ count: 8, shared: 64, threads: 64 });
  expect(slots({ THREADS: '1' })).toMatchObject({ count: 1, shared: undefined, threads: 1 });
});

it('a GPU is not shared, nor are threads that can’t change', () => {
  expect(slots({}, { usesGpu: true })).toMatchObject({ count: 1, shared: undefined, threads: 4 });
  expect(slots({ ENGINE: 'tensorflow' })).toMatchObject({ count: 1, shared: undefined });
});

it('a number of slots is taken as it is, each with threads of its own', () => {
  expect(slots({ COMPUTE_SLOTS: '3' })).toMatchObject({ count: 3, shared: undefined, threads: 4 });
});

it('each slot has memory for every quality in one piece, and for all sizes that servers can allow', () => {
  const count = (environment: Readonly<Record<string, string>>, use?: Partial<SlotsUse>) =>
    slots(environment, use).count;
  expect(count({ MEMORY_MB: '1300' })).toBe(1);
  expect(count({ MEMORY_MB: '4500' })).toBe(3);
  expect(count({ MEMORY_MB: '4500', QUALITY_HIGH: '512px 100 epochs', MAX_SIZE: '512' })).toBe(4);
  expect(count({ MEMORY_MB: '4500', QUALITY_HIGH: '2048px 100 epochs' })).toBe(1);
  expect(count({ MEMORY_MB: '4500' }, { network: 'vgg19' })).toBe(1);
  expect(count({ MEMORY_MB: '4500', MAX_SIZE: '4096' })).toBe(1);
  // What can't be painted by one alone either is no reason to have fewer.
  expect(count({ MEMORY_MB: '3000', MAX_SIZE: '4096', QUALITY_HIGH: '512px 100 epochs' })).toBe(1);
});
