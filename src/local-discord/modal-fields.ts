import { type APIAttachment, type APIModalInteractionResponseCallbackData, ComponentType } from 'discord.js';
import { RefusedByClientError } from './client-error.js';
import { checkFileType, isUpload } from './command-options.js';
import type { FileStore, Upload } from './file-store.js';
import { type AnyComponent, everyComponent } from './message-components.js';
import { isSelect } from './rules/component-rules.js';

/** What a person may fill into a field: a text, a tick, or the values or files that they choose. */
export type FieldValue = string | boolean | Upload | readonly (string | Upload)[];

/** The values of a modal's fields, by their custom_id. */
export type FieldValues = Readonly<Record<string, FieldValue | undefined>>;

export interface FilledInModal {
  readonly components: readonly object[];
  readonly attachments: Record<string, APIAttachment>;
}

/**
 * Fills in a modal as Discord's client does, and uploads files. Fields without a value keep what the bot filled in.
 *
 * @throws RefusedByClientError for values that the client would not let through.
 */
export async function fillInModal(
  modal: APIModalInteractionResponseCallbackData,
  values: FieldValues,
  files: FileStore,
  channelId: string,
): Promise<FilledInModal> {
  const fields = everyComponent(modal.components).filter(({ custom_id }) => custom_id !== undefined);
  for (const name of Object.keys(values)) {
    if (fields.some(({ custom_id }) => custom_id === name)) continue;
    throw new RefusedByClientError(`The modal "${modal.title}" has no field "${name}"`);
  }
  const attachments: Record<string, APIAttachment> = {};
  const fill = async (component: AnyComponent): Promise<object> => {
    const { type, id } = component;
    if (component.component) return { type, id, component: await fill(component.component) };
    if (component.components) return { type, id, components: await Promise.all(component.components.map(fill)) };
    if (component.custom_id === undefined) return { type, id };
    const answer = await fillField(component, values[component.custom_id], files, channelId, attachments);
    return { type, id, custom_id: component.custom_id, ...answer };
  };
  const components = await Promise.all((modal.components as readonly AnyComponent[]).map(fill));
  return { components, attachments };
}

async function fillField(
  field: AnyComponent,
  given: FieldValue | undefined,
  files: FileStore,
  channelId: string,
  attachments: Record<string, APIAttachment>,
): Promise<object> {
  const refuse = (message: string) => new RefusedByClientError(`The field "${field.custom_id}" ${message}`);
  const isRequired = field.required ?? true;
  if (field.type === ComponentType.TextInput) {
    const value = given ?? field.value ?? '';
    if (typeof value !== 'string') throw refuse('needs a text');
    if (isRequired && value === '') throw refuse('is required');
    const [least, most] = [field.min_length ?? 0, field.max_length ?? 4000];
    if (value !== '' && (value.length < least || value.length > most))
      throw refuse(`needs ${least} to ${most} characters`);
    return { value };
  }
  if (field.type === ComponentType.Checkbox) return { value: given === true };
  const chosen: readonly (string | Upload)[] = given === undefined ? chosenBefore(field) : several(given, refuse);
  if (field.type === ComponentType.RadioGroup) {
    if (isRequired && chosen.length === 0) throw refuse('is required');
    checkOptions(field, chosen, refuse);
    return { value: chosen[0] ?? null };
  }
  const usualMost = field.type === ComponentType.CheckboxGroup ? field.options?.length : 1;
  const [least, most] = [field.min_values ?? 1, field.max_values ?? usualMost ?? 1];
  if (isRequired && chosen.length === 0 && least > 0) throw refuse('is required');
  if (chosen.length > 0 && (chosen.length < least || chosen.length > most)) throw refuse(`needs ${least} to ${most}`);
  if (field.type === ComponentType.FileUpload) {
    const ids: string[] = [];
    for (const upload of chosen) {
      if (!isUpload(upload)) throw refuse('needs files');
      checkFileType(upload, field.file_types, refuse);
      const file = await files.add(upload, channelId, true);
      attachments[file.id] = files.toApi(file);
      ids.push(file.id);
    }
    return { values: ids };
  }
  if (field.type !== ComponentType.CheckboxGroup && !isSelect(field))
    throw refuse(`is of the unknown type ${field.type}`);
  checkOptions(field, chosen, refuse);
  return { values: chosen };
}

function several(given: FieldValue, refuse: (message: string) => Error): readonly (string | Upload)[] {
  if (typeof given === 'boolean') throw refuse('is not to be ticked');
  return typeof given === 'string' || isUpload(given) ? [given] : given;
}

function chosenBefore(field: AnyComponent): readonly string[] {
  return (field.options ?? []).filter((option) => option.default).map(({ value }) => value);
}

/** Throws where something was chosen that is not among the field's options, if it has any. */
export function checkOptions(
  { options }: AnyComponent,
  chosen: readonly unknown[],
  refuse: (message: string) => Error,
): void {
  const missing = options && chosen.find((value) => !options.some((option) => option.value === value));
  if (missing !== undefined) throw refuse(`has no option "${missing}"`);
}
