import type { Attachment } from 'discord.js';
import type { InputSource } from '../jobs/job.js';
import type { BotServices } from './bot-services.js';
import { UserError } from './user-error.js';

/** Returns whether an uploaded picture is hidden until it is clicked: by a mark, or by its name alone, as of old. */
export function isSpoiler({ spoiler, name }: Attachment): boolean {
  return spoiler || name.startsWith('SPOILER_');
}

/**
 * Returns an uploaded picture as an input of a job. Whether it is a picture at all is seen later, by its bytes.
 * @throws UserError `attachment-too-large` where it has more bytes than the bot takes.
 */
export function attachedPicture({ url, size }: Attachment, { config }: Pick<BotServices, 'config'>): InputSource {
  const { maxInputBytes } = config;
  if (size > maxInputBytes) {
    throw new UserError('attachment-too-large', { maxMegabytes: Math.floor(maxInputBytes / 1024 / 1024) });
  }
  return { kind: 'url', url };
}
