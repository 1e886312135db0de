import { z } from 'zod';
import type { Adapter } from './adapter.js';

const adapter = z.object({
  name: z.string(),
  isSoftware: z.boolean(),
  driver: z.string(),
  backend: z.enum(['Vulkan', 'Direct3D 12', 'Metal']),
}) satisfies z.ZodType<Adapter>;

/** The form of an answer, by which a kept one is read. */
export const webGpuAnswer = z.discriminatedUnion('answers', [
  z.object({ answers: z.literal(true), adapter, reason: z.string() }),
  /** It doesn't, for that reason, half a sentence; the remedy is a whole one, where there is any. */
  z.object({ answers: z.literal(false), reason: z.string(), remedy: z.string().optional() }),
]);

/** The answer to whether WebGPU computes faster than the processor here. */
export type WebGpuAnswer = Readonly<z.infer<typeof webGpuAnswer>>;
