import type { Entered } from '../kinds/kind.js';
import type { Texts } from '../texts/texts.js';
import { customId } from './custom-id.js';
import { button, buttonRow, shortened } from './rows.js';

export const backToFormAction = 'back-to-form';

/** Discord's bound on the text of a message, in characters. */
const longest = 2000;

/**
 * Returns the message that refuses what somebody entered in a form about a job, with a button that shows the form again.
 * Discord forgets what was entered, so the message keeps it.
 */
export function refusedForm({ buttons }: Texts, refusal: string, jobId: string, { parts, text }: Entered) {
  const back = button(customId(backToFormAction, jobId, ...parts), buttons.backToForm);
  const content = text === '' ? refusal : `${shortened(refusal, longest - text.length - 1)}\n${text}`;
  return { content, components: [buttonRow(back)] };
}
