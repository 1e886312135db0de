import { type Job, newJobId } from '../../src/jobs/job.js';
import { transferTask } from './some-jobs.js';

/** Makes a job that was just accepted: a style transfer for Ann in the server `guild`, unless `fields` differ. */
export function acceptedJob(fields: Partial<Job> = {}): Job {
  return {
    id: newJobId(),
    task: transferTask(),
    order: {
      kind: 'style-transfer',
      preset: { name: 'white-walker', guildId: undefined },
      strength: 'balanced',
      quality: 'standard',
      size: 512,
      epochs: 100,
      keepColors: false,
      spoiler: false,
    },
    inputs: {
      content: { kind: 'url', url: 'https://cdn.discordapp.com/attachments/1/2/snow%20"man".png?ex=1' },
      style: { kind: 'preset', preset: { name: 'white-walker' } },
    },
    ownerId: 'ann',
    guildId: 'guild',
    reply: {
      applicationId: '11',
      interactionId: '12',
      token: 'secret-token',
      channelId: 'channel',
      messageId: undefined,
      ephemeral: false,
      botMaySpeak: true,
      locale: 'de',
      maxFileBytes: 10_485_760,
      deadlineAt: undefined,
    },
    acceptedAt: 1_795_509_788_210,
    state: 'accepted',
    crashes: 0,
    outcome: undefined,
    ...fields,
  };
}
