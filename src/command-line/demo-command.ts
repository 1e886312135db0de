import { access, constants, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { Command } from 'commander';
import { CodedError } from '../coded-error.js';
import type { Config } from '../config.js';
import { makeFolder } from '../files/make-folder.js';
import { packageRoot } from '../package-root.js';
import { engineOpener } from './engine-options.js';
import { note } from './standard-streams.js';
import { stylize } from './stylize-command.js';

/** `whitewalker demo` paints the example photograph as a White Walker, the default preset, without any options. */
export function demoCommand(config: Config): Command {
  return new Command('demo')
    .summary('paint the example photograph')
    .description(
      'Turns the example photograph into a White Walker, in the folder `out` of the current one, or in a temporary one ' +
        "where that can't be written, and says where result and animation are.",
    )
    .action(async () => {
      const content = relative(process.cwd(), join(packageRoot(), 'examples', 'astronaut.jpg'));
      const folder = await folderForResults();
      const { style, recipe } = (await import('./preset-style.js')).presetStyle('white-walker');
      note(`Painting ${content} as a White Walker …`);
      await stylize({
        contentPath: content,
        styles: [{ ...style, weight: 1 }],
        out: join(folder, 'demo.png'),
        gif: join(folder, 'demo.gif'),
        ...engineOpener({ engine: config.engine }, config),
        recipe,
        json: false,
      });
    });
}

/** Returns the folder `out` of the current one, or a new temporary one where nothing can be written there. */
async function folderForResults(): Promise<string> {
  try {
    makeFolder('out');
    await access('out', constants.W_OK);
    return 'out';
  } catch {
    const folder = await mkdtemp(join(tmpdir(), 'whitewalker-demo-')).catch((cause: unknown) => {
      const sentence = `Nothing can be written in the current folder, nor in ${tmpdir()}. Change into a folder of your own.`;
      throw new CodedError('output', 'unwritable', sentence, { cause });
    });
    note(`Nothing can be written in the current folder; the result goes to ${folder}.`);
    return folder;
  }
}
