import type { Engine } from '../engine/engine.js';
import { singleStyle } from '../transfer/pictures.js';
import { styleTransfer } from '../transfer/style-transfer.js';

const side = 64;

/** Has an engine compile what most style transfers need, by a tiny one, which saves the first task half a second. */
export async function warmUp(engine: Engine): Promise<void> {
  const data = Float32Array.from({ length: 3 * side * side }, (_, i) => (i % 97) / 96);
  const picture = { width: side, height: side, data };
  await styleTransfer(engine, { content: picture, styles: singleStyle(picture) }, { size: side, epochs: 1 }).next();
}
