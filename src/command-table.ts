import { defaults } from '../commands/defaults.js';
import { help } from '../commands/help.js';
import { lab } from '../commands/lab.js';
import { layers } from '../commands/layers.js';
import { privacy } from '../commands/privacy.js';
import { queue } from '../commands/queue.js';
import { settings } from '../commands/settings.js';
import { spotDifference } from '../commands/spot-difference.js';
import { styles } from '../commands/styles.js';
import { texture } from '../commands/texture.js';
import { turnIntoAWhiteWalker } from '../commands/turn-into-a-white-walker.js';
import { whiteWalkThisAvatar } from '../commands/white-walk-this-avatar.js';
import { whitewalker } from '../commands/whitewalker.js';
import type { Command } from './discord/command.js';

/** All commands, in the order in which Discord lists them. */
export const commands: readonly Command[] = [
  whitewalker,
  turnIntoAWhiteWalker,
  whiteWalkThisAvatar,
  spotDifference,
  layers,
  texture,
  lab,
  styles,
  defaults,
  queue,
  settings,
  privacy,
  help,
];
