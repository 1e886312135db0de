import type { Interaction } from '../../src/local-discord/interaction.js';

/**
 * Whether an interaction was answered with a refusal that has this text and that only its person sees. The only button
 * that it may have leads back to a form.
 */
export function isMessageRefusal({ message }: Interaction, text: string | RegExp): boolean {
  if (!message?.isEphemeral || message.attachments.length > 0) return false;
  if (message.buttons.some(({ label }) => label !== 'Back to the form')) return false;
  return typeof text === 'string' ? message.text.includes(text) : text.test(message.text);
}
