import {
  type APIApplicationCommandOptionChoice,
  type APIModalInteractionResponseCallbackData,
  ComponentType,
} from 'discord.js';
import type { Problem } from '../api-error.js';
import { type AnyComponent, everyComponent } from '../message-components.js';
import { customIdProblems, selectProblems } from './component-rules.js';

/** Returns what is wrong with a modal. */
export function modalProblems(modal: APIModalInteractionResponseCallbackData): Problem[] {
  const problems: Problem[] = [];
  const path = 'data.components';
  const { title, custom_id, components } = modal;
  if (!title || title.length > 45) problems.push({ path: 'data.title', message: 'must have 1 to 45 characters' });
  if (!custom_id || custom_id.length > 100) {
    problems.push({ path: 'data.custom_id', message: 'must have 1 to 100 characters' });
  }
  if (components.length < 1 || components.length > 5) {
    problems.push({ path, message: `${components.length} components, 1 to 5 are allowed` });
  }
  const all = everyComponent(components);
  problems.push(...customIdProblems(components, path), ...all.flatMap((each) => selectProblems(each, path)));
  for (const component of all) problems.push(...labelProblems(component, path), ...inputProblems(component, path));
  return problems;
}

function labelProblems({ type, label, description, component }: AnyComponent, path: string): Problem[] {
  if (type !== ComponentType.Label) return [];
  const problems: Problem[] = [];
  if (!label || label.length > 45)
    problems.push({ path, message: `the label "${label}" must have 1 to 45 characters` });
  if ((description?.length ?? 0) > 100) {
    problems.push({ path, message: `the description of "${label}" has more than 100 characters` });
  }
  if (component?.label !== undefined) problems.push({ path, message: `inside of the label "${label}" is another` });
  return problems;
}

function inputProblems(input: AnyComponent, path: string): Problem[] {
  const complain = (message: string) => [{ path, message: `the field "${input.custom_id}" ${message}` }];
  if (input.type === ComponentType.TextInput) {
    if ((input.placeholder?.length ?? 0) > 100) return complain('has a placeholder of more than 100 characters');
    if ((input.value?.length ?? 0) > (input.max_length ?? 4000)) return complain('is filled with more than it allows');
    if ((input.min_length ?? 0) > (input.max_length ?? 4000)) return complain('asks for more than it allows');
  }
  if (input.type === ComponentType.RadioGroup || input.type === ComponentType.CheckboxGroup) {
    const { options = [], min_values: least = 1, max_values: most = options.length } = input;
    const fewest = input.type === ComponentType.RadioGroup ? 2 : 1;
    const chosen = options.filter((option) => option.default).length;
    if (options.length < fewest || options.length > 10) {
      return complain(`has ${options.length} options, ${fewest} to 10 are allowed`);
    }
    if (input.type === ComponentType.RadioGroup && chosen > 1)
      return complain('has more than one of its options chosen');
    if (least > most || most > options.length) return complain(`asks for ${least} to ${most} of its options`);
    // Discord refuses a group that must be filled in and may be left empty.
    if (least === 0 && (input.required ?? true)) return complain('is required, but asks for none');
  }
  if (input.type === ComponentType.FileUpload && (input.min_values ?? 1) > (input.max_values ?? 1)) {
    return complain('asks for more files than it allows');
  }
  return [];
}

/** Returns what is wrong with the suggestions for an option. */
export function suggestionProblems(choices: readonly APIApplicationCommandOptionChoice[]): Problem[] {
  const path = 'data.choices';
  const problems: Problem[] = [];
  if (choices.length > 25) problems.push({ path, message: `${choices.length} choices, 25 are allowed` });
  for (const [index, { name, value }] of choices.entries()) {
    if (!name || name.length > 100) {
      problems.push({ path: `${path}.${index}.name`, message: 'must have 1 to 100 characters' });
    }
    if (typeof value === 'string' && (value.length === 0 || value.length > 100)) {
      problems.push({ path: `${path}.${index}.value`, message: 'must have 1 to 100 characters' });
    }
  }
  return problems;
}
