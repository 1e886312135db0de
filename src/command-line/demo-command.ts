import { mkdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { Command } from 'commander';
import type { Config } from '../config.js';
import { packageRoot } from '../package-root.js';
import { note } from './standard-streams.js';
import { stylize } from './stylize-command.js';

/** `whitewalker demo` paints the example photograph in the bundled ice style, without any options. */
export function demoCommand(config: Config): Command {
  return new Command('demo')
    .summary('paint the example photograph')
    .description('Turns the example photograph into a White Walker, and says where result and animation are.')
    .action(async () => {
      const root = packageRoot();
      await mkdir(join(root, 'out'), { recursive: true });
      const path = (...parts: string[]) => relative(process.cwd(), join(root, ...parts));
      const style = path('examples', 'ice-shards.png');
      const request = {
        contentPath: path('examples', 'astronaut.jpg'),
        styles: [{ path: style, weight: 1 }],
        out: path('out', 'demo.png'),
        gif: path('out', 'demo.gif'),
        openEngine: async () => (await import('../engine/open-engine.js')).openEngine(config),
        recipe: {},
        json: false,
      };
      note(`Painting ${request.contentPath} in the style of ${style} …`);
      await stylize(request);
    });
}
