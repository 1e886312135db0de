import { z } from 'zod';
import { accentColor } from '../imaging/colors/accent-color.js';
import { resample } from '../imaging/resample.js';
import { TransformationRecorder } from '../imaging/transformation-recorder.js';
import { styleStatistics } from '../transfer/style-statistics.js';
import { texture } from '../transfer/texture.js';
import { textureLayers } from '../transfer/transfer-layers.js';
import { layersOf, transferCost, typicalNetwork } from './cost.js';
import { decodeStyle } from './decode-input.js';
import { progressAtScale } from './progress.js';
import { requireMemory } from './require-memory.js';
import { runToEnd } from './run-to-end.js';
import {
  engineNeeds,
  type Inputs,
  type NetworkPainting,
  type PerformOptions,
  type StyleFindings,
  toldOfStyles,
  type Work,
} from './work.js';

const schema = z
  .object({
    kind: z.literal('texture'),
    ...engineNeeds,
    /** Width and height of the texture, in pixels. */
    size: z.number(),
    epochs: z.number(),
    /** Whether the texture shows no seams where copies of it are laid side by side. */
    tile: z.boolean(),
    /** Layers that style is compared by, with their weights; undefined: as deep as the network goes. */
    layers: z.record(z.string(), z.number()).readonly().optional(),
    statistic: z.enum(styleStatistics).optional(),
    styleScale: z.number().optional(),
    seed: z.number().optional(),
  })
  .readonly();

/** A task that makes a texture of a style, out of noise. */
export type TextureTask = z.infer<typeof schema>;

interface TexturePainting extends NetworkPainting<StyleFindings> {
  /** The style's part of the loss; undefined if the task was stopped before anything was evaluated. */
  readonly loss: number | undefined;
}

export const textureWork = {
  schema,
  inputsOf: () => ['style'],
  sizeOf: ({ size }) => size,
  withSize: (task, size) => ({ ...task, size }),
  costOf: ({ network = typicalNetwork, size, epochs, layers: style = textureLayers(layersOf(network)) }) =>
    transferCost(network, { size, epochs, layers: { content: {}, style } }),
  perform,
} as const satisfies Work<TextureTask, TexturePainting>;

/** Makes the texture. Its animation begins with the first epoch: before that there is nothing but noise. */
async function perform(
  { kind: _, network, pooling, ...options }: TextureTask,
  inputs: Inputs,
  { engineFor, animated, memoryBytes, signal, onProgress }: PerformOptions,
): Promise<TexturePainting> {
  const { size, styleScale = 1 } = options;
  const decoded = await decodeStyle(inputs, 'style', 2 * size * Math.max(1, styleScale));
  const { picture: style } = decoded;
  const engine = await engineFor({ network, pooling });
  requireMemory(engine, { width: size, height: size }, memoryBytes);
  let recorder: TransformationRecorder | undefined;
  const making = texture(engine, style, { ...options, signal });
  const { picture, loss, ...account } = await runToEnd(making, (progress) => {
    if (animated) {
      recorder ??= new TransformationRecorder({ content: resample(progress.picture(), size, size) });
      recorder.offer(progress.loss.total, progress.picture, progress.scale);
    }
    return onProgress?.(progressAtScale(progress));
  });
  if (animated) recorder ??= new TransformationRecorder({ content: picture });
  const frames = recorder?.frames(picture);
  const findings = { accent: accentColor(style), ...toldOfStyles([decoded]) };
  return {
    picture,
    frames,
    findings,
    network: engine.network.name,
    engine: engine.name,
    loss: loss?.style,
    ...account,
  };
}
