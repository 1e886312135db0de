import type { Drawing } from './field.js';
import { dragonfire } from './styles/dragonfire.js';
import { dragonglass } from './styles/dragonglass.js';
import { frozenLake } from './styles/frozen-lake.js';
import { kingsLanding } from './styles/kings-landing.js';
import { parchmentMap } from './styles/parchment-map.js';
import { septGlass } from './styles/sept-glass.js';
import { valyrianSteel } from './styles/valyrian-steel.js';
import { weirwood } from './styles/weirwood.js';
import { whiteWalker } from './styles/white-walker.js';
import { wildfire } from './styles/wildfire.js';

/** Functions that draw the style pictures of the presets, by the names of the presets. */
export const drawings: Readonly<Record<string, Drawing>> = {
  'white-walker': whiteWalker,
  'frozen-lake': frozenLake,
  dragonglass,
  dragonfire,
  wildfire,
  weirwood,
  'valyrian-steel': valyrianSteel,
  'parchment-map': parchmentMap,
  'sept-glass': septGlass,
  'kings-landing': kingsLanding,
};
