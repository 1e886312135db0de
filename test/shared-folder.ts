import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../src/package-root.js';

/** A file or folder that some tests need and that is not in the repository. */
export interface SharedFile {
  readonly path: string;
  readonly isMissing: boolean;
  /** What is needed and why it is not in the repository, for the titles of tests that are skipped without it. */
  readonly need: string;
}

/**
 * Looks for a file in a folder `shared` beside the checkout. Tests that need a missing one are skipped and say so; all
 * others run anywhere.
 */
function beside(name: string, reason: string): SharedFile {
  const path = join(packageRoot(), '../shared', name);
  return { path, isMissing: !existsSync(path), need: `needs ../shared/${name}: ${reason}` };
}

export const realVgg19 = beside(
  'weights/vgg19-to-conv3_4.safetensors',
  "the weights of VGG19 are too large for the repository, and others' to publish",
);

export const pytorchResults = beside('golden', 'what PyTorch computes with VGG19 is of no use without its weights');

export const discordDescription = beside(
  'discord/openapi.json',
  "Discord's description of its interface changes by the week, and is Discord's to publish",
);

/** Path of the description that requests in tests are held against, empty for none; `DISCORD_OPENAPI` names another. */
export const openapi = process.env.DISCORD_OPENAPI ?? (discordDescription.isMissing ? '' : discordDescription.path);
