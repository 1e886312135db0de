import type { BaseInteraction } from 'discord.js';
import { pictureDigest } from '../imaging/picture-digest.js';
import type { EarlierPicture } from '../jobs/earlier-jobs.js';
import type { Job, ResultFacts } from '../jobs/job.js';
import { styleTransferFindingsSchema } from '../works/style-transfer.js';
import { isAgeRestrictedChannel } from './age-restriction.js';
import type { BotServices } from './bot-services.js';
import { stylePlace } from './style-choice.js';
import type { ChosenStyle } from './style-options.js';

/**
 * Returns the picture that a recipe names by its digest, as far as it is kept and may be taken where somebody asks for it.
 * Undefined where there is none.
 */
export function pictureByDigest(
  interaction: BaseInteraction,
  digest: string,
  { styles, keptStyles, earlierJobs }: Pick<BotServices, 'styles' | 'keptStyles' | 'earlierJobs'>,
): ChosenStyle | undefined {
  for (const { name, keeper } of styles.kept(stylePlace(interaction))) {
    const kept = keptStyles.picture(keeper, name);
    if (kept === undefined || pictureDigest(kept) !== digest) continue;
    const preset = { name, ...keeper };
    return { style: { kind: 'preset', preset }, preset };
  }
  const picture = earlierJobs.pictures(digest).find((each) => mayBeTaken(each, interaction));
  return picture && ofJob(picture.jobId, picture.input);
}

/** Returns the picture of a digest among those that a job was made from. */
export function pictureOfJob(job: Job, digest: string): ChosenStyle | undefined {
  const { data: findings } = styleTransferFindingsSchema.safeParse(resultOf(job)?.findings);
  const [input] = Object.entries(findings?.digests ?? {}).find(([, known]) => known === digest) ?? [];
  return input === undefined ? undefined : ofJob(job.id, input);
}

/** Returns the facts of a job's result; undefined where it has none. */
export function resultOf({ outcome }: Job): ResultFacts | undefined {
  return outcome?.kind === 'result' ? outcome.result : undefined;
}

function ofJob(jobId: string, input: string): ChosenStyle {
  return { style: { kind: 'job', jobId, input }, preset: undefined };
}

/**
 * Whether a picture may be used again by whoever knows its digest: everybody where it was used before, and its own
 * person elsewhere. What was used in an age-restricted channel stays there.
 */
function mayBeTaken(
  { ownerId, channelId }: EarlierPicture,
  { channelId: here, client, user }: BaseInteraction,
): boolean {
  if (channelId === undefined) return false;
  if (channelId === here) return true;
  const channel = client.channels.cache.get(channelId);
  return ownerId === user.id && channel !== undefined && !isAgeRestrictedChannel(channel);
}
