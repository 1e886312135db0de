import { CodedError } from '../coded-error.js';
import { builtInPreset, builtInPresets, type Preset, presetPicturePath } from '../presets/presets.js';
import type { StyleFile } from './style-arguments.js';

/** The files of styles, and the settings that suit them. */
export interface PresetStyle {
  readonly styles: readonly StyleFile[];
  readonly recipe: Preset['transfer'];
}

/** Returns the style that a preset stands for. @throws CodedError `usage/unknown-preset` */
export function presetStyle(name: string): PresetStyle {
  const preset = builtInPreset(name);
  if (preset !== undefined) {
    return { styles: [{ path: presetPicturePath(preset), weight: 1 }], recipe: preset.transfer };
  }
  const names = builtInPresets().map((known) => known.name);
  throw new CodedError('usage', 'unknown-preset', `There is no preset "${name}". Choose from ${names.join(', ')}.`);
}
