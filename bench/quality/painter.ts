import type { Engine } from '../../src/engine/engine.js';
import { openEngine } from '../../src/engine/open-engine.js';
import type { RgbImage } from '../../src/imaging/rgb-image.js';
import { singleStyle } from '../../src/transfer/pictures.js';
import { styleTransfer } from '../../src/transfer/style-transfer.js';
import type { Cost } from './results-folder.js';
import type { Extent, QualitySetting } from './settings.js';

/** Paints pictures with many settings, and opens each network only once. */
export class Painter {
  readonly #vgg19Weights: string | undefined;
  readonly #engines = new Map<string, Promise<Engine>>();

  /** Makes a painter. @param vgg19Weights - path of the weights of VGG19. Default: those that were downloaded. */
  constructor(vgg19Weights: string | undefined) {
    this.#vgg19Weights = vgg19Weights;
  }

  async paint(
    { network, pooling, transfer }: QualitySetting,
    content: RgbImage,
    style: RgbImage,
    styleWeight: number,
    extent: Extent,
  ): Promise<{ picture: RgbImage; cost: Cost }> {
    const engine = await this.#engine(network, pooling);
    const own = transfer?.(extent) ?? {};
    const weights = { ...own.weights, style: styleWeight };
    const before = process.cpuUsage();
    const painting = styleTransfer(engine, { content, styles: singleStyle(style) }, { ...extent, ...own, weights });
    let turn = await painting.next();
    while (!turn.done) turn = await painting.next();
    const { user, system } = process.cpuUsage(before);
    const { picture, seconds, evaluations } = turn.value;
    return { picture, cost: { seconds, processorSeconds: (user + system) / 1e6, evaluations } };
  }

  async dispose(): Promise<void> {
    for (const engine of this.#engines.values()) await (await engine).dispose();
    this.#engines.clear();
  }

  #engine(network: QualitySetting['network'], pooling: QualitySetting['pooling']): Promise<Engine> {
    const key = `${network} ${pooling}`;
    let engine = this.#engines.get(key);
    if (!engine) {
      const weightsPath = network === 'vgg19' ? this.#vgg19Weights : undefined;
      engine = openEngine({ engine: 'onnx', network, weightsPath, pooling });
      this.#engines.set(key, engine);
    }
    return engine;
  }
}
