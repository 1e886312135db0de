import { CodedError } from '../coded-error.js';
import { builtInPreset, builtInPresets, type Preset, presetPicturePath } from '../presets/presets.js';
import type { WrittenStyle } from './style-arguments.js';

/** The file of a preset's style, and the settings that suit it. */
export interface PresetStyle {
  readonly style: WrittenStyle;
  readonly recipe: Preset['transfer'];
}

/** Returns the style that a preset stands for. @throws CodedError `usage/unknown-preset` */
export function presetStyle(name: string): PresetStyle {
  const preset = builtInPreset(name);
  if (preset !== undefined) {
    return { style: { path: presetPicturePath(preset), weight: undefined, preset: name }, recipe: preset.transfer };
  }
  const names = builtInPresets().map((known) => known.name);
  throw new CodedError('usage', 'unknown-preset', `There is no preset "${name}". Choose from ${names.join(', ')}.`);
}

/** Makes the error for a style that is wanted and not given, or given twice. */
export function styleOrPreset(): CodedError {
  return new CodedError(
    'usage',
    'style-or-preset',
    'Give either the picture of a style, or --preset with the name of one that comes with the program.',
  );
}
