import { CodedError } from '../coded-error.js';
import { DatabaseError } from '../database/database-error.js';
import { StartError } from '../discord/start-error.js';
import { EngineError } from '../engine/engine-error.js';
import { WeightsError } from '../engine/weights/weights-error.js';
import { ImageError } from '../imaging/image-error.js';
import { SchemaMismatchError } from '../jobs/redis/job-schema.js';
import { MaskError } from '../transfer/area/mask-error.js';

/** Whether an error's message is written for the person at the terminal; of all others the stack is shown, to be reported. */
export function isExpected(error: unknown): error is Error {
  return [
    CodedError,
    // These are to become coded errors.
    DatabaseError,
    StartError,
    ImageError,
    MaskError,
    WeightsError,
    EngineError,
    SchemaMismatchError,
  ].some((type) => error instanceof type);
}
