import { z } from 'zod';
import { keeperOf, type Order, type PresetReference, type ResultFacts } from '../jobs/job.js';
import { builtInPreset } from '../presets/presets.js';

/** The colour of messages whose order has no style with a colour of its own: the ice of the bot's own picture. */
const ownAccent = 0x9ee3ff;

const findingsSchema = z.object({ accent: z.int().min(0).max(0xffffff) });

/** Returns the colour of a built-in preset; undefined for kept styles, whose colour is in their pictures only. */
export function accentOfPreset(preset: PresetReference | undefined): number | undefined {
  if (preset === undefined || keeperOf(preset) !== undefined) return undefined;
  const accent = builtInPreset(preset.name)?.accent;
  return accent === undefined ? undefined : Number.parseInt(accent.slice(1), 16);
}

/** Returns the colour of messages about an order, as 0xRRGGBB: its preset's, else the one found in its style's picture. */
export function accentOf({ accent }: Order, result?: ResultFacts): number {
  return accent ?? findingsSchema.safeParse(result?.findings).data?.accent ?? ownAccent;
}
