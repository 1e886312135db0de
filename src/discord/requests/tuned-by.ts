import type { PresetReference } from '../../jobs/order.js';
import { builtInPreset, type Preset } from '../../presets/presets.js';

/** What a preset differs in from the defaults; nothing, where it is a server's or a picture of a person's own. */
export function tunedBy(preset: PresetReference | undefined): Preset['transfer'] {
  if (preset === undefined || preset.guildId !== undefined) return {};
  return builtInPreset(preset.name)?.transfer ?? {};
}
