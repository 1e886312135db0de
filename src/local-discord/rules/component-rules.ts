import { ComponentType } from 'discord.js';
import type { Problem } from '../api-error.js';
import { type AnyComponent, everyComponent } from '../message-components.js';

const selects = new Set<number>([
  ComponentType.StringSelect,
  ComponentType.UserSelect,
  ComponentType.RoleSelect,
  ComponentType.MentionableSelect,
  ComponentType.ChannelSelect,
]);

export function isSelect({ type }: AnyComponent): boolean {
  return selects.has(type);
}

/** Returns what is wrong with the custom_ids of a message or modal: all of them must differ. */
export function customIdProblems(components: readonly unknown[], path: string): Problem[] {
  const ids = everyComponent(components).flatMap(({ custom_id }) => (custom_id === undefined ? [] : [custom_id]));
  const problems = ids
    .filter((id) => id.length === 0 || id.length > 100)
    .map((id) => ({ path, message: `the custom_id "${id}" must have 1 to 100 characters, has ${id.length}` }));
  const repeated = ids.filter((id, index) => ids.indexOf(id) < index);
  return [...problems, ...repeated.map((id) => ({ path, message: `the custom_id "${id}" is there twice` }))];
}

/** Returns what is wrong with a select menu; nothing for other components. */
export function selectProblems(select: AnyComponent, path: string): Problem[] {
  if (!isSelect(select)) return [];
  const problems: Problem[] = [];
  const complain = (message: string) => problems.push({ path, message: `the menu "${select.custom_id}" ${message}` });
  const { options = [], placeholder, min_values: least = 1, max_values: most = 1 } = select;
  if ((placeholder?.length ?? 0) > 150) complain('has a placeholder of more than 150 characters');
  if (least > most) complain(`asks for at least ${least} and at most ${most}`);
  if (select.type !== ComponentType.StringSelect) return problems;
  if (options.length < 1 || options.length > 25) complain(`has ${options.length} options, 1 to 25 are allowed`);
  if (most > options.length) complain(`allows ${most} of ${options.length} options`);
  if (new Set(options.map(({ value }) => value)).size < options.length) complain('has two options of the same value');
  for (const { label, value, description } of options) {
    if (!label || label.length > 100) complain(`has the label "${label}", which must have 1 to 100 characters`);
    if (!value || value.length > 100) complain(`has the value "${value}", which must have 1 to 100 characters`);
    if ((description?.length ?? 0) > 100) complain(`has a description of more than 100 characters at "${label}"`);
  }
  return problems;
}
