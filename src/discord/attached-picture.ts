import type { Attachment } from 'discord.js';
import type { InputSource } from '../jobs/job.js';
import type { BotServices } from './bot-services.js';
import { UserError } from './user-error.js';

/**
 * A picture that somebody attached, as a job takes it.
 * @throws UserError where it is larger than the bot takes; what it is, its bytes will say.
 */
export function attachedPicture({ url, size }: Attachment, { config }: Pick<BotServices, 'config'>): InputSource {
  const { maxInputBytes } = config;
  if (size > maxInputBytes) {
    throw new UserError('attachment-too-large', { maxMegabytes: Math.floor(maxInputBytes / 1024 / 1024) });
  }
  return { kind: 'url', url };
}
