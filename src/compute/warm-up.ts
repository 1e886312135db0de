import type { Engine } from '../engine/engine.js';
import { singleStyle } from '../transfer/pictures.js';
import { styleTransfer } from '../transfer/style-transfer.js';

const side = 64;

/** Has an engine compile what most transfers need, by a tiny one: half a second that the first task then doesn't take. */
export async function warmUp(engine: Engine): Promise<void> {
  const data = Float32Array.from({ length: 3 * side * side }, (_, i) => (i % 97) / 96);
  const picture = { width: side, height: side, data };
  await styleTransfer(engine, { content: picture, styles: singleStyle(picture) }, { size: side, epochs: 1 }).next();
}
