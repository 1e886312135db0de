import type { Interaction } from '../../src/local-discord/interaction.js';

/** Whether an interaction was answered with a refusal that has this text and that only its person sees. */
export function isMessageRefusal({ message }: Interaction, text: string | RegExp): boolean {
  if (!message?.isEphemeral || message.buttons.length > 0 || message.attachments.length > 0) return false;
  return typeof text === 'string' ? message.text.includes(text) : text.test(message.text);
}
