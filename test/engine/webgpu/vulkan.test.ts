import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { adapterFrom, describeAdapter } from '../../../src/engine/webgpu/adapter.js';
import { driverManifests, lackOfVulkan } from '../../../src/engine/webgpu/vulkan.js';

describe('what a Linux machine lacks for Vulkan, by a look at its files,', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'whitewalker-vulkan-'));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const device = 'dev/dri/renderD128';
  const loader = 'usr/lib/x86_64-linux-gnu/libvulkan.so.1';
  const manifest = 'usr/share/vulkan/icd.d/radeon_icd.x86_64.json';

  function machineWith(files: readonly string[], environment: NodeJS.ProcessEnv = {}) {
    for (const file of files) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), '');
    }
    // The folders of the person who runs this test are no part of the machine that it makes up.
    return { root, environment: { XDG_DATA_HOME: join(root, 'home'), ...environment } };
  }

  it.each([
    { lacks: 'a device', files: [loader, manifest], problem: /no GPU/, remedy: /--gpus all.*--device \/dev\/dri/ },
    { lacks: 'the loader', files: [device, manifest], problem: /libvulkan/, remedy: /libvulkan1/ },
    { lacks: 'a driver', files: ['dev/nvidia0', loader], problem: /driver/, remedy: /DRIVER_CAPABILITIES=.*graphics/ },
  ])('is named with its remedy: $lacks', ({ files, problem, remedy }) => {
    expect(lackOfVulkan(machineWith(files))).toEqual({
      problem: expect.stringMatching(problem),
      remedy: expect.stringMatching(remedy),
    });
  });

  it.skipIf(process.getuid?.() === 0)('is the right to use the device, where it is that', () => {
    const machine = machineWith([loader, manifest]);
    mkdirSync(join(root, 'dev/dri'), { recursive: true });
    writeFileSync(join(root, device), '', { mode: 0o000 });
    expect(lackOfVulkan(machine)).toMatchObject({ remedy: expect.stringContaining('groups') });
  });

  it('is nothing where all is there, or where drivers are named that may need no device', () => {
    expect(lackOfVulkan(machineWith([device, loader, manifest]))).toBeUndefined();
    rmSync(join(root, 'dev'), { recursive: true });
    const named = { VK_DRIVER_FILES: join(root, manifest) };
    expect(lackOfVulkan(machineWith([loader, manifest], named))).toBeUndefined();
    expect(driverManifests({ root, environment: named })).toEqual([join(root, manifest)]);
  });
});

describe('the adapter', () => {
  const loaderSays = (name: string, library: string) => `LAYER:   Using "${name}" with driver: "${library}"\n`;

  it.each([
    ['NVIDIA H200', 'libGLX_nvidia.so.0', false],
    ['AMD Radeon RX 6800 (RADV NAVI21)', '/usr/lib/x86_64-linux-gnu/libvulkan_radeon.so', false],
    ['Intel(R) Arc(tm) A770 Graphics (DG2)', '/usr/lib/x86_64-linux-gnu/libvulkan_intel.so', false],
    ['llvmpipe (LLVM 15.0.6, 256 bits)', '/usr/lib/x86_64-linux-gnu/libvulkan_lvp.so', true],
    ['SwiftShader Device (Subzero)', '/usr/lib/chromium/libvk_swiftshader.so', true],
  ])('is known by what Vulkan\'s loader says about "%s"', (name, library, isSoftware) => {
    // A loader names all devices that it has seen; the one that was taken comes last.
    const log = loaderSays('Another GPU', 'libother.so') + loaderSays(name, library);
    const adapter = adapterFrom(log, 'linux');
    expect(adapter).toMatchObject({ name, isSoftware, backend: 'Vulkan' });
    expect(describeAdapter(adapter)).toContain(library.split('/').at(-1));
  });

  it("is known by ONNX Runtime's list of hardware where there is no such loader", () => {
    const log =
      '[I:onnxruntime:] Discovered OrtHardwareDevice {vendor_id:0x8086, device_id:0x0, vendor:Intel, type:0, metadata: []}\n' +
      '[I:onnxruntime:] Discovered OrtHardwareDevice {vendor_id:0x10de, device_id:0x2684, vendor:NVIDIA, type:1, ' +
      'metadata: [Description=NVIDIA GeForce RTX 4090, Discrete=1]}\n';
    expect(adapterFrom(log, 'win32')).toMatchObject({ name: 'NVIDIA GeForce RTX 4090', backend: 'Direct3D 12' });
    const apple = 'Discovered OrtHardwareDevice {vendor_id:0x106b, device_id:0x0, vendor:Apple, type:1, metadata: []}';
    expect(adapterFrom(apple, 'darwin')).toMatchObject({ name: 'Apple', isSoftware: false, backend: 'Metal' });
  });
});
