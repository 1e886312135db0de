import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A GPU on a Linux machine's PCI bus. */
interface PciGpu {
  /** Its address, such as `0000:01:00.0`. */
  readonly address: string;
  /** Its maker and model, such as `0x10de` and `0x2684`. */
  readonly vendor: string;
  readonly device: string;
}

const nvidia = '0x10de';

/**
 * Returns the environment variables by which a process sees, or prefers, the GPU of a number: for CUDA as nvidia-smi
 * counts, and for Vulkan the same, with GPUs of other makers after NVIDIA's, in the order of the bus.
 *
 * Vulkan has no such setting of its own. Its loader brings a model to the front of the list, from which WebGPU takes the
 * first of the strongest kind; GPUs of one model are told apart only by the layer that Mesa's drivers bring.
 * @param devices - the folder in which Linux lists the PCI bus.
 */
export function gpuEnvironment(number: string, devices = '/sys/bus/pci/devices'): Readonly<Record<string, string>> {
  // CUDA numbers GPUs by their speed unless PCI_BUS_ID makes it number them as nvidia-smi does.
  const cuda = { CUDA_VISIBLE_DEVICES: number, CUDA_DEVICE_ORDER: 'PCI_BUS_ID' };
  const gpu = gpusOn(devices)[Number(number)];
  if (gpu === undefined) return cuda;
  const { address, vendor, device } = gpu;
  return {
    ...cuda,
    VK_LOADER_DEVICE_SELECT: `${vendor}:${device}`,
    DRI_PRIME: `pci-${address.replaceAll(/[:.]/g, '_')}!`,
  };
}

/** Lists the GPUs on a bus, NVIDIA's first. */
function gpusOn(devices: string): readonly PciGpu[] {
  try {
    const gpus = readdirSync(devices)
      .toSorted()
      .flatMap((address) => {
        const read = (file: string) => readFileSync(join(devices, address, file), 'utf8').trim();
        // Class 03 is that of displays, with graphics cards and computing ones.
        return read('class').startsWith('0x03') ? [{ address, vendor: read('vendor'), device: read('device') }] : [];
      });
    return [...gpus.filter(({ vendor }) => vendor === nvidia), ...gpus.filter(({ vendor }) => vendor !== nvidia)];
  } catch {
    // Not every system shows its bus; then only CUDA knows numbers.
    return [];
  }
}
