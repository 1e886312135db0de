import { customId } from './custom-id.js';

/**
 * What can be done with a job from its messages, by the `custom_id` of the button that does it. The owner's id is in it where
 * the button must work after the job has been forgotten.
 */
export const jobActions = {
  cancel: (jobId: string) => customId('cancel', jobId),
  moreEpochs: (jobId: string) => customId('more-epochs', jobId),
  stronger: (jobId: string) => customId('stronger', jobId),
  again: (jobId: string) => customId('again', jobId),
  delete: (ownerId: string) => customId('delete', ownerId),
} as const;
