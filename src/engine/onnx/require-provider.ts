import type { Device } from './device.js';
import { GraphBuilder } from './graph-builder.js';
import { env, InferenceSession, Tensor } from './onnx-runtime.js';

/**
 * Makes sure that ONNX Runtime can compute on a device, by running a graph of one operator there.
 * @param options.logsAdapter - whether it writes to stderr what hardware it finds; has an effect before the first
 *   session only.
 * @throws whatever ONNX Runtime throws where it can't.
 */
export async function requireProvider(
  device: Device,
  { logsAdapter = false }: { readonly logsAdapter?: boolean } = {},
): Promise<void> {
  if (logsAdapter) env.logLevel = 'info';
  const graph = new GraphBuilder();
  graph.output('out', graph.node('Relu', [graph.input('in', [1])]), [1]);
  const session = await InferenceSession.create(graph.serialize('probe'), device.sessionOptions(false));
  await session.run({ in: new Tensor('float32', Float32Array.of(1), [1]) });
  await session.release();
}
