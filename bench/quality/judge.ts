import type { Activations, Engine } from '../../src/engine/engine.js';
import { openEngine } from '../../src/engine/open-engine.js';
import { parseLayer } from '../../src/engine/topology.js';
import { reflectPad } from '../../src/imaging/reflect-pad.js';
import type { RgbImage } from '../../src/imaging/rgb-image.js';
import {
  activationsDistance,
  gramDistance,
  type LayerStatistics,
  layerStatistics,
  momentsDistance,
} from './layer-statistics.js';

/** How far a painting is from its content and its style: relative squared distances, averaged over held-out layers. */
export interface Distances {
  readonly content: number;
  readonly styleGram: number;
  readonly styleMoments: number;
}

/** Layers that no default and no preset compares by, because a layer that was optimised says nothing about quality. */
const heldOut = {
  content: ['relu3_3', 'relu4_3'],
  style: ['relu1_2', 'relu2_2', 'relu3_3', 'relu4_3'],
} as const;

/** Mirrored margin in pixels, so that networks' padding with zeros isn't judged; a multiple of all downsamplings. */
const margin = 16;

/** The activations and statistics that a judge saw in one picture. */
interface Look {
  readonly activations: ReadonlyMap<string, Activations>;
  readonly statistics: ReadonlyMap<string, LayerStatistics>;
}

/** A network that judges pictures by layers that were not optimised. */
export class Judge {
  /** Name of the judge: that of its network, and how deep the network's weights go. */
  readonly name: string;
  readonly #engine: Engine;
  /** Looks at contents and styles, which are kept because the same pictures come again. */
  readonly #looks = new WeakMap<RgbImage, Promise<Look>>();

  private constructor(engine: Engine) {
    const { name, layers } = engine.network;
    this.name = `${name}-to-${layers.at(-1)}`;
    this.#engine = engine;
  }

  /** Opens a judge. @param weightsPath - path of its weights file. Default: VGG19-lite. */
  static async open(weightsPath?: string): Promise<Judge> {
    const network = weightsPath === undefined ? ('vgg19-lite' as const) : undefined;
    return new Judge(await openEngine({ engine: 'onnx', network, weightsPath }));
  }

  /** Returns a painting's distances from its content and style, both of its size and as the finest scale sees them. */
  async distances(painting: RgbImage, content: RgbImage, style: RgbImage): Promise<Distances> {
    const seen = await this.#look(painting);
    const { activations } = await this.#cachedLook(content);
    const { statistics } = await this.#cachedLook(style);
    const styles = [...statistics].map(([layer, target]) => [needed(seen.statistics, layer), target] as const);
    return {
      content: mean(
        this.#available('content').map((layer) =>
          activationsDistance(needed(seen.activations, layer), needed(activations, layer), marginAt(layer)),
        ),
      ),
      styleGram: mean(styles.map(([of, target]) => gramDistance(of, target))),
      styleMoments: mean(styles.map(([of, target]) => momentsDistance(of, target))),
    };
  }

  dispose(): Promise<void> {
    return this.#engine.dispose();
  }

  #cachedLook(picture: RgbImage): Promise<Look> {
    let look = this.#looks.get(picture);
    if (!look) {
      look = this.#look(picture);
      this.#looks.set(picture, look);
    }
    return look;
  }

  async #look(picture: RgbImage): Promise<Look> {
    const padded = reflectPad(picture, { left: margin, top: margin, right: margin, bottom: margin });
    const [content, style] = [this.#available('content'), this.#available('style')];
    const { activations } = await this.#engine.features(padded, { activations: [...new Set([...content, ...style])] });
    const statistics = new Map<string, LayerStatistics>();
    for (const layer of style) {
      statistics.set(layer, layerStatistics(needed(activations, layer), marginAt(layer)));
    }
    return { activations, statistics };
  }

  #available(part: keyof typeof heldOut): readonly string[] {
    return heldOut[part].filter((layer) => this.#engine.network.layers.includes(layer));
  }
}

/** Returns the width that the mirrored margin has in a layer, in positions of that layer. */
function marginAt(layer: string): number {
  const block = Number.parseInt(parseLayer(layer).convolution, 10);
  return margin / 2 ** (block - 1);
}

function needed<Value>(values: ReadonlyMap<string, Value>, layer: string): Value {
  const value = values.get(layer);
  if (value === undefined) throw new TypeError(`Expected the engine to return ${layer}, got nothing`);
  return value;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
