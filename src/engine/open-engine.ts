import { chooseEngine, type EngineChoice } from './choose-engine.js';
import { networkFor } from './choose-network.js';
import type { Engine, PieceEngine } from './engine.js';
import { engineError } from './engine-error.js';
import { findGpu } from './gpu-probe.js';
import { bytesBehind, evaluationBytes, pieceBytes, type Shape } from './pieces/evaluation-memory.js';
import { type Held, PiecewiseEngine } from './pieces/piecewise-engine.js';
import type { Portion } from './pieces/plan.js';
import { loadTensorFlow } from './tensorflow/backend.js';
import { topologyOf } from './topology.js';
import { forgetAnswer } from './webgpu/kept-answer.js';
import { requireWebGpu } from './webgpu/webgpu.js';
import { bundledWeights } from './weights/bundled.js';
import { loadNetwork, type Network } from './weights/network.js';

/** A picture that is to be evaluated: the network's convolutions, the layers that are looked at, and its pixels. */
interface Picture extends Held {
  readonly shape: Shape;
  readonly layers: readonly string[];
  readonly pixels: number;
}

/** The options of {@link openEngine}. */
export interface OpenOptions {
  /**
   * Returns the memory that there is for evaluating a picture, in bytes, where it is the processor's. Pictures that take
   * more are evaluated piece by piece. Default: there is enough for any.
   */
  readonly memoryFor?: ((picture: Picture) => number) | undefined;
  /**
   * Returns how many threads of the processor the engine is to have from now on. Default: always those of the choice. Only
   * ONNX Runtime on the processor follows a change, at its next evaluation.
   */
  readonly threads?: (() => number) | undefined;
  /** Called after each piece, of which there may be minutes between two evaluations. */
  readonly onPiece?: (() => void) | undefined;
}

/** An engine with the network that it runs. */
interface Opened {
  readonly engine: PieceEngine;
  readonly network: Network;
  /** Whether it computes on a GPU, which has a memory of its own. */
  readonly usesGpu: boolean;
}

/**
 * Loads a network and opens an engine that runs it. The caller disposes of the engine.
 * @throws `engine/not-installed` where the engine that was asked for isn't, `engine/unavailable` where it can't be loaded or has
 *   no GPU to compute on;
 *   `engine/unknown-network` where there is no such network, or the weights are another network's; `weights/…` where
 *   the weights are missing or damaged.
 */
export async function openEngine(
  choice: EngineChoice = {},
  { memoryFor, onPiece, threads }: OpenOptions = {},
): Promise<Engine> {
  const { engine, network, usesGpu } = await open(choice, threads);
  const shape = network.convolutions;
  const bytesOf = ({ layers, pixels, picturePixels, junction }: Portion) => {
    if (pixels === picturePixels) return evaluationBytes(shape, layers, pixels);
    if (junction === undefined) return pieceBytes(shape, layers, pixels);
    return pieceBytes(shape, [junction], pixels) + bytesBehind(shape, layers, junction, picturePixels);
  };
  const fits = ({ wholePixels, resultPixels, ...portion }: Portion & Held) => {
    if (memoryFor === undefined || usesGpu) return true;
    const { layers, picturePixels: pixels } = portion;
    return bytesOf(portion) <= memoryFor({ shape, layers, pixels, wholePixels, resultPixels });
  };
  return new PiecewiseEngine(engine, network, { fits, onPiece });
}

async function open(choice: EngineChoice, changing: OpenOptions['threads']): Promise<Opened> {
  const { engine: name = 'auto', threads } = choice;
  const { engine } = await chooseEngine(name, findGpu);
  // Engines are loaded only when they are opened: without them the bot itself, and most commands, start faster.
  switch (engine) {
    case 'onnx':
      return openOnProcessor(choice, changing);
    case 'webgpu':
      return openOnWebGpu(choice, changing);
    case 'onnx-cuda': {
      const { requireCuda } = await import('./onnx/cuda-provider.js');
      const { OnnxEngine } = await import('./onnx/onnx-engine.js');
      const { cudaDevice } = await import('./onnx/device.js');
      await requireCuda();
      const network = await networkOf(choice, true);
      return { engine: new OnnxEngine(network, cudaDevice(threads)), network, usesGpu: true };
    }
    case 'tensorflow': {
      const { TensorFlowEngine } = await import('./tensorflow/tensorflow-engine.js');
      const { tf, usesGpu } = loadTensorFlow({ threads });
      const network = await networkOf(choice, usesGpu);
      return { engine: new TensorFlowEngine(tf, network), network, usesGpu };
    }
  }
}

async function openOnProcessor(choice: EngineChoice, changing: OpenOptions['threads']): Promise<Opened> {
  const { OnnxEngine } = await import('./onnx/onnx-engine.js');
  const { processor } = await import('./onnx/device.js');
  const network = await networkOf(choice, false);
  return { engine: new OnnxEngine(network, processor(changing ?? choice.threads)), network, usesGpu: false };
}

/** Opens the engine on WebGPU; where nobody asked for that by name and it fails by now, on the processor. */
async function openOnWebGpu(choice: EngineChoice, changing: OpenOptions['threads']): Promise<Opened> {
  const { OnnxEngine } = await import('./onnx/onnx-engine.js');
  const { webGpuDevice } = await import('./onnx/device.js');
  if (choice.engine === 'webgpu') await requireWebGpu();
  else {
    const { requireProvider } = await import('./onnx/require-provider.js');
    try {
      await requireProvider(webGpuDevice());
    } catch {
      // The GPU was there when it was measured; what was found out then is no longer so.
      forgetAnswer();
      return openOnProcessor(choice, changing);
    }
  }
  const network = await networkOf(choice, true);
  return { engine: new OnnxEngine(network, webGpuDevice()), network, usesGpu: true };
}

async function networkOf({ network, weightsPath, pooling }: EngineChoice, gpu: boolean): Promise<Network> {
  const requested = network === undefined || network === 'auto' ? undefined : topologyOf(network).name;
  const path = weightsPath ?? bundledWeights(networkFor(requested, gpu).network);
  const loaded = await loadNetwork(path, { pooling });
  if (requested !== undefined && loaded.name !== requested) {
    throw engineError('unknown-network', `${path} holds ${loaded.name}, not ${requested}. Ask for one of them.`, {
      network: requested,
      available: loaded.name,
    });
  }
  return loaded;
}
