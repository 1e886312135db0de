import type { Job } from '../../src/jobs/job.js';
import type { QueuedJob } from '../../src/jobs/workshop.js';
import type { Task } from '../../src/works/works.js';

const task: Task = {
  kind: 'style-transfer',
  network: 'vgg19-lite',
  transfer: { size: 512, epochs: 100 },
};

/** Makes a usual job for the queue, owned by one of a hundred people. */
export function benchJob(index: number): QueuedJob {
  return { id: `bench-${index}`, ownerId: `person-${index % 100}`, guildId: 'bench', task: { ...task } };
}

/** Makes a usual job as the journal has it. */
export function benchRecord(id: string): Job {
  return {
    id,
    task,
    order: {
      kind: 'style-transfer',
      preset: { name: 'white-walker' },
      strength: 'balanced',
      quality: 'standard',
      size: 512,
      epochs: 100,
      keepColors: false,
      spoiler: false,
    },
    inputs: {},
    ownerId: 'person',
    guildId: 'bench',
    reply: {
      applicationId: '1',
      interactionId: '1',
      token: 'x'.repeat(200),
      channelId: '1',
      messageId: '1',
      ephemeral: false,
      botMaySpeak: true,
      locale: 'en-GB',
      maxFileBytes: 10_485_760,
      deadlineAt: undefined,
    },
    acceptedAt: Date.now(),
    state: 'queued',
    crashes: 0,
    outcome: undefined,
  };
}
