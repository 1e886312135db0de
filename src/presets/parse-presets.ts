import { type Start, starts } from '../transfer/start.js';
import type { TransferOptions } from '../transfer/transfer-options.js';
import { PresetError } from './preset-error.js';

/** The languages that presets have texts in. */
export const presetLanguages = ['en', 'de'] as const;
export type PresetLanguage = (typeof presetLanguages)[number];

/** A style that comes with whitewalker, with the recipe that suits it. */
export interface Preset {
  /** What it is chosen by: `white-walker`. */
  readonly name: string;
  /** At most 32 characters. */
  readonly title: Readonly<Record<PresetLanguage, string>>;
  /** One sentence for the gallery, at most 100 characters. */
  readonly description: Readonly<Record<PresetLanguage, string>>;
  /** The style picture, within presets/. */
  readonly file: string;
  /** The example photograph in this style, within presets/. */
  readonly thumbnail: string;
  /** What differs from the defaults of a transfer; merged over them. */
  readonly transfer: Readonly<Pick<TransferOptions, 'weights' | 'layers' | 'start'>>;
}

const maxTitleLength = 32;
const maxDescriptionLength = 100;

/**
 * The presets of a parsed presets.json.
 * @throws PresetError for the first field that is missing, unknown or not what it should be.
 */
export function parsePresets(value: unknown): readonly Preset[] {
  const { presets } = members(value, '(the file)', ['presets']);
  if (!Array.isArray(presets) || presets.length === 0) {
    throw new PresetError('presets', 'a list of at least one preset', presets);
  }
  const parsed = presets.map((preset, index) => parsePreset(preset, `presets[${index}]`));
  for (const [index, { name }] of parsed.entries()) {
    if (parsed.findIndex((other) => other.name === name) < index) {
      throw new PresetError(`presets[${index}].name`, 'a name that no other preset has', name);
    }
  }
  return parsed;
}

function parsePreset(value: unknown, field: string): Preset {
  const preset = members(value, field, ['name', 'title', 'description', 'file', 'thumbnail', 'transfer']);
  return {
    name: matching(preset.name, `${field}.name`, /^[a-z0-9-]{1,32}$/, '1 to 32 lower-case letters, digits and hyphens'),
    title: texts(preset.title, `${field}.title`, maxTitleLength),
    description: texts(preset.description, `${field}.description`, maxDescriptionLength),
    file: pictureName(preset.file, `${field}.file`),
    thumbnail: pictureName(preset.thumbnail, `${field}.thumbnail`),
    transfer: parseTransfer(preset.transfer ?? {}, `${field}.transfer`),
  };
}

function parseTransfer(value: unknown, field: string): Preset['transfer'] {
  const transfer = members(value, field, ['weights', 'layers', 'start']);
  const layers = members(transfer.layers ?? {}, `${field}.layers`, ['content', 'style']);
  return {
    ...(transfer.weights !== undefined && {
      weights: numbers(members(transfer.weights, `${field}.weights`, ['content', 'style', 'tv']), `${field}.weights`),
    }),
    ...(transfer.layers !== undefined && {
      layers: Object.fromEntries(
        Object.entries(layers).map(([term, weights]) => [term, layerWeights(weights, `${field}.layers.${term}`)]),
      ),
    }),
    ...(transfer.start !== undefined && { start: start(transfer.start, `${field}.start`) }),
  };
}

/** An object's members, of which none has a name that isn't known: a misspelt one would otherwise be passed over. */
function members<Name extends string>(value: unknown, field: string, known: readonly Name[]) {
  const object = record(value, field);
  for (const name of Object.keys(object)) {
    if (!(known as readonly string[]).includes(name)) {
      throw new PresetError(field, `an object of ${known.join(', ')}`, { [name]: object[name] });
    }
  }
  return object as Readonly<Partial<Record<Name, unknown>>>;
}

function record(value: unknown, field: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new PresetError(field, 'an object', value);
  }
  return value as Readonly<Record<string, unknown>>;
}

function texts(value: unknown, field: string, maxLength: number): Readonly<Record<PresetLanguage, string>> {
  const byLanguage = members(value, field, presetLanguages);
  const text = (language: PresetLanguage) => {
    const found = byLanguage[language];
    if (typeof found !== 'string' || found.trim() === '' || found.length > maxLength) {
      throw new PresetError(`${field}.${language}`, `a text of at most ${maxLength} characters`, found);
    }
    return found;
  };
  return { en: text('en'), de: text('de') };
}

function matching(value: unknown, field: string, pattern: RegExp, expectation: string): string {
  if (typeof value !== 'string' || !pattern.test(value)) throw new PresetError(field, expectation, value);
  return value;
}

/** A path that stays within presets/. */
function pictureName(value: unknown, field: string): string {
  return matching(value, field, /^([a-z0-9-]+\/)?[a-z0-9-]+\.(jpg|png|webp)$/, 'a .jpg, .png or .webp within presets/');
}

function layerWeights(value: unknown, field: string): Readonly<Record<string, number>> {
  const weights = record(value, field);
  if (Object.keys(weights).length === 0) throw new PresetError(field, 'weights of at least one layer', value);
  return numbers(weights, field);
}

function numbers(values: Readonly<Record<string, unknown>>, field: string): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) {
        throw new PresetError(`${field}.${name}`, 'a number from 0 up', value);
      }
      return [name, value];
    }),
  );
}

function start(value: unknown, field: string): Start {
  const known = starts.find((candidate) => candidate === value);
  if (known === undefined) throw new PresetError(field, `one of ${starts.join(', ')}`, value);
  return known;
}
