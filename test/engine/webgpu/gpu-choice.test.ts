import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { gpuEnvironment } from '../../../src/engine/webgpu/gpu-choice.js';

it("GPUs are numbered as nvidia-smi does, those of other makers after NVIDIA's, and other devices not at all", () => {
  const bus = mkdtempSync(join(tmpdir(), 'whitewalker-bus-'));
  const plug = (address: string, kind: string, vendor: string, device: string) => {
    mkdirSync(join(bus, address));
    for (const [file, value] of Object.entries({ class: kind, vendor, device })) {
      writeFileSync(join(bus, address, file), `${value}\n`);
    }
  };
  plug('0000:00:02.0', '0x030000', '0x8086', '0x46a6');
  plug('0000:41:00.0', '0x030200', '0x10de', '0x2336');
  plug('0000:01:00.0', '0x030000', '0x10de', '0x2684');
  plug('0000:02:00.0', '0x020000', '0x8086', '0x15f3');
  const choiceOf = (number: string) => {
    const { CUDA_VISIBLE_DEVICES, VK_LOADER_DEVICE_SELECT, DRI_PRIME } = gpuEnvironment(number, bus);
    return [CUDA_VISIBLE_DEVICES, VK_LOADER_DEVICE_SELECT, DRI_PRIME];
  };
  expect(choiceOf('0')).toEqual(['0', '0x10de:0x2684', 'pci-0000_01_00_0!']);
  expect(choiceOf('1')).toEqual(['1', '0x10de:0x2336', 'pci-0000_41_00_0!']);
  expect(choiceOf('2')).toEqual(['2', '0x8086:0x46a6', 'pci-0000_00_02_0!']);
  expect(choiceOf('3')).toEqual(['3', undefined, undefined]);
  rmSync(bus, { recursive: true });
  expect(gpuEnvironment('0', bus)).toEqual({ CUDA_VISIBLE_DEVICES: '0', CUDA_DEVICE_ORDER: 'PCI_BUS_ID' });
});
