import { layerPictures } from '../transfer/layer-pictures.js';
import { layerSheet, layerSheetFrames } from '../transfer/layer-sheet.js';
import { decodeInput } from './decode-input.js';
import type { Performer } from './performance.js';
import { ProgressReports } from './progress-reports.js';
import type { LayersTask } from './task.js';

/**
 * Shows what layers see in a picture, on one sheet.
 * @throws TaskError `image/…` where it is no picture that can be used; EngineError; the signal's reason.
 */
export const performLayers: Performer<LayersTask> = async (
  { network, pooling, layers, size, epochs, seed },
  inputs,
  { engineFor, signal, onProgress = () => {} },
) => {
  const content = await decodeInput(inputs, 'content', 2 * size);
  signal?.throwIfAborted();
  const reports = new ProgressReports(onProgress);
  const engine = await engineFor({ network, pooling });
  const pictures = layerPictures(engine, content, { layers, size, epochs, seed, signal });
  let turn = await pictures.next();
  while (!turn.done) {
    const { layer, layerIndex, layers: count, epoch, loss, secondsLeft, picture } = turn.value;
    const at = { kind: 'layer', layer, number: layerIndex, layers: count } as const;
    const place = { epoch: (layerIndex - 1) * epochs + epoch, epochs: count * epochs, at };
    await reports.offer({ ...place, loss, secondsLeft }, picture);
    turn = await pictures.next();
  }
  signal?.throwIfAborted();
  reports.finish();
  const { epochs: steps, evaluations } = turn.value;
  return { picture: layerSheet(turn.value), frames: layerSheetFrames(turn.value), epochs: steps, evaluations };
};
