import { ButtonStyle } from 'discord.js';
import type { KeptOfPerson } from '../../privacy/erasure.js';
import type { Texts } from '../texts/texts.js';
import { customId } from './custom-id.js';
import { button, buttonRow } from './rows.js';

export const privacyDeleteAction = 'privacy-delete';

/** Returns the message that says what is kept of a person, and for how long. */
export function keptMessage(texts: Texts, kept: KeptOfPerson, keepMs: number) {
  const { openJobs, closedJobs, lastClosedAt, acceptances, styles, personalStyles, hasDefaults, blocks } = kept;
  const { privacy } = texts;
  const lines = [
    ...(openJobs > 0 ? [privacy.openJobs(openJobs)] : []),
    ...(closedJobs > 0 && lastClosedAt !== undefined ? [privacy.closedJobs(closedJobs, lastClosedAt + keepMs)] : []),
    ...(acceptances > 0 ? [privacy.acceptances(acceptances)] : []),
    ...(styles > 0 ? [privacy.styles(styles)] : []),
    ...(personalStyles > 0 ? [privacy.personalStyles(personalStyles)] : []),
    ...(hasDefaults ? [privacy.defaults] : []),
    ...(blocks > 0 ? [privacy.blocks(blocks)] : []),
  ];
  const list = lines.length === 0 ? privacy.nothing : lines.map((line) => `- ${line}`).join('\n');
  return { content: `### ${privacy.title}\n${list}\n\n${privacy.explanation(keepMs / 3_600_000)}`, components: [] };
}

/** Returns the message that asks whether all that is kept of a person shall be deleted. */
export function confirmationMessage({ privacy }: Texts, userId: string) {
  const confirm = button(customId(privacyDeleteAction, userId), privacy.confirm, ButtonStyle.Danger);
  return { content: privacy.question, components: [buttonRow(confirm)] };
}
