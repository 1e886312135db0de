import type { Engine } from '../../src/engine/engine.js';
import type { RgbImage } from '../../src/imaging/rgb-image.js';
import type { FrameOptions } from '../../src/transfer/moving/frame-options.js';
import { asKept, type KeptFrames } from '../../src/transfer/moving/frames.js';
import { paintFrames } from '../../src/transfer/moving/paint-frames.js';
import { singleStyle } from '../../src/transfer/pictures.js';
import { styleTransfer } from '../../src/transfer/style-transfer.js';

/** The ways of painting frames that are compared. */
export const methods = ['alone', 'start', 'whitewalker'] as const;
export type Method = (typeof methods)[number];

/** What a method took to paint frames. */
export interface Taken {
  readonly seconds: number;
  /** Seconds that processors computed. */
  readonly processorSeconds: number;
}

/** Paints frames by a method, and returns what each took: every frame alone, each begun with the one before, or as we do. */
export async function paintBy(
  method: Method,
  engine: Engine,
  { frames, style, loops }: { readonly frames: readonly RgbImage[]; readonly style: RgbImage; readonly loops: boolean },
  kept: KeptFrames,
  options: FrameOptions,
): Promise<readonly Taken[]> {
  const styles = singleStyle(style);
  const taken: Taken[] = [];
  let watch = startWatch();
  const take = () => {
    taken.push(watch());
    watch = startWatch();
  };
  if (method === 'alone') {
    for (const [index, content] of frames.entries()) {
      const steps = styleTransfer(engine, { content, styles }, options);
      let turn = await steps.next();
      while (!turn.done) turn = await steps.next();
      await kept.keep(index, asKept(turn.value.picture));
      take();
    }
    return taken;
  }
  const source = { count: frames.length, loops, frame: async (index: number) => frames[index] ?? missing(index) };
  const weight = method === 'start' ? { temporalWeight: 0 } : {};
  for await (const { kind } of paintFrames(engine, { frames: source, styles }, kept, { ...options, ...weight })) {
    if (kind === 'frame') take();
  }
  return taken;
}

function startWatch(): () => Taken {
  const [begin, before] = [performance.now(), process.cpuUsage()];
  return () => {
    const { user, system } = process.cpuUsage(before);
    return { seconds: (performance.now() - begin) / 1000, processorSeconds: (user + system) / 1e6 };
  };
}

function missing(index: number): never {
  throw new Error(`Expected a frame ${index}, got none`);
}
