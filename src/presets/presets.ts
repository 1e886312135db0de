import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../package-root.js';
import { type Preset, parsePresets, presetError } from './parse-presets.js';

export type { Preset } from './parse-presets.js';

let known: readonly Preset[] | undefined;

/**
 * Returns the styles that come with whitewalker, the default one first. Their file is read once.
 * @throws CodedError `preset/bad-preset` where presets/presets.json is missing or not what it should be.
 */
export function builtInPresets(): readonly Preset[] {
  known ??= parsePresets(readPresetsFile());
  return known;
}

/** Returns the built-in preset of that name, or undefined where there is none. */
export function builtInPreset(name: string): Preset | undefined {
  return builtInPresets().find((preset) => preset.name === name);
}

/** Returns whether a word, written in whatever way, is the name or a title of a built-in preset in any language. */
export function isBuiltIn(word: string): boolean {
  const plain = (text: string) =>
    text
      .normalize('NFC')
      .toLowerCase()
      .replace(/[^\p{L}\p{M}\p{N}]/gu, '');
  return builtInPresets().some(({ name, title }) =>
    [name, ...Object.values(title)].some((known) => plain(known) === plain(word)),
  );
}

/** Returns the absolute path of a preset's style picture. */
export function presetPicturePath(preset: Preset): string {
  return join(presetsFolder(), preset.file);
}

/** Returns the absolute path of a preset's thumbnail: the example photograph in this style, for a gallery. */
export function presetThumbnailPath(preset: Preset): string {
  return join(presetsFolder(), preset.thumbnail);
}

function presetsFolder(): string {
  return join(packageRoot(), 'presets');
}

function readPresetsFile(): unknown {
  const path = join(presetsFolder(), 'presets.json');
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw presetError('(the file)', `readable JSON at ${path}`, error instanceof Error ? error.message : error);
  }
}
