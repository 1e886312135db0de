/** Discord's bound on a component's custom_id, in characters. */
const longest = 100;

/**
 * Returns the `custom_id` of a component, which says what the component does, and on what. It carries all its meaning,
 * so that a button works after a restart of the bot.
 * @throws RangeError where it gets longer than Discord takes, or a part has the separator in it.
 */
export function customId(action: string, ...parts: readonly string[]): string {
  const id = [action, ...parts].join(':');
  if (id.length > longest) throw new RangeError(`Expected a custom_id of up to ${longest} characters, got "${id}"`);
  if (parts.some((part) => part.includes(':'))) throw new RangeError(`Expected parts without colons, got "${id}"`);
  return id;
}

/** Returns the action and the parts that {@link customId} put together. */
export function parseCustomId(id: string): { readonly action: string; readonly parts: readonly string[] } {
  const [action = '', ...parts] = id.split(':');
  return { action, parts };
}
