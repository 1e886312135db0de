/** Discord's bound on a component's custom_id, in characters. */
const longest = 100;

/**
 * The `custom_id` of a component: what it does, and on what. It carries all its meaning, so that a button works after a
 * restart of the bot.
 * @throws RangeError where it gets longer than Discord takes or an argument holds the separator.
 */
export function customId(action: string, ...parts: readonly string[]): string {
  const id = [action, ...parts].join(':');
  if (id.length > longest) throw new RangeError(`Expected a custom_id of up to ${longest} characters, got "${id}"`);
  if (parts.some((part) => part.includes(':'))) throw new RangeError(`Expected parts without colons, got "${id}"`);
  return id;
}

/** What {@link customId} put together. */
export function parseCustomId(id: string): { readonly action: string; readonly parts: readonly string[] } {
  const [action = '', ...parts] = id.split(':');
  return { action, parts };
}
