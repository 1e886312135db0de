import { createRequire } from 'node:module';
import type * as BullMq from 'bullmq';

/** BullMQ. As an ES module it takes twice as long to load, a fifth of a second in every bot and worker. */
export const bullMq: typeof BullMq = createRequire(import.meta.url)('bullmq');
