import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { packageRoot } from '../../src/package-root.js';

const root = packageRoot();
let folder: string;

/** A small program that breaks the rules of `npm run check` in many ways. Most files that it imports don't exist. */
const program = {
  'src/imaging/leaf.ts': `import { journal } from '../jobs/journal.js';
import { config } from '../config.js';
import type { Picture } from '../../test/pictures.js';
import { CodedError } from '../coded-error.js';
import { decode } from './decode.js';
export { commands } from '../../commands/help.js';
export const later = await import('../transfer/scales.js');
export const all: readonly unknown[] = [journal, config, CodedError, decode];
export type { Picture };
`,
  'src/engine/onnx/deep.ts': `export { journal } from '../../jobs/journal.js';
export { resample } from '../../imaging/resample.js';
export { network } from '../weights/network.js';
export { packageRoot } from '../../package-root.js';
`,
  'src/newcomer/first.ts': `export { resample } from '../imaging/resample.js';
`,
  'src/jobs/one.ts': `import type { Other } from './other.js';
export interface One {
  readonly other?: Other;
}
`,
  'src/jobs/other.ts': `import type { One } from './one.js';
export interface Other {
  readonly one?: One;
}
`,
  'src/discord/replies.ts': `import { writeFile } from 'node:fs/promises';
import type { ChatInputCommandInteraction } from 'discord.js';
export async function reply(interaction: ChatInputCommandInteraction): Promise<void> {
  interaction.reply('forgotten');
  writeFile('forgotten', '');
  void writeFile('meant', '');
  if (interaction.deferReply()) await interaction.editReply('always');
}
`,
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'whitewalker-rules-'));
  await mkdir(join(folder, 'tools'));
  for (const file of ['biome.json', '.oxlintrc.json', 'tsconfig.json', 'package.json', 'tools/layers.grit']) {
    await copyFile(join(root, file), join(folder, file));
  }
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  for (const [file, text] of Object.entries(program)) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), text);
  }
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs a linter on the program; returns what it finds, as `file:line rule`. */
async function findings(linter: string, args: readonly string[], pattern: RegExp): Promise<readonly string[]> {
  const bin = join(root, 'node_modules', '.bin', linter);
  const output = await new Promise<string>((resolve) => {
    execFile(bin, args, { cwd: folder }, (_error, stdout, stderr) => resolve(stdout + stderr));
  });
  return [...output.matchAll(pattern)].map(([, file, line, rule]) => `${file}:${line} ${rule}`).sort();
}

it('finds imports against the layers and cycles of imports', async () => {
  const found = await findings('biome', ['lint', 'src'], /^(src\S+?):(\d+):\d+ (plugin|lint\/suspicious\/\w+)/gm);
  expect(found).toEqual([
    'src/engine/onnx/deep.ts:1 plugin',
    'src/imaging/leaf.ts:1 plugin',
    'src/imaging/leaf.ts:2 plugin',
    'src/imaging/leaf.ts:3 plugin',
    'src/imaging/leaf.ts:6 plugin',
    'src/imaging/leaf.ts:7 plugin',
    'src/jobs/one.ts:1 lint/suspicious/noImportCycles',
    'src/jobs/other.ts:1 lint/suspicious/noImportCycles',
    'src/newcomer/first.ts:1 plugin',
  ]);
});

it("finds promises that nobody waits for, those of packages and of Node.js's own modules too", async () => {
  const pattern = /^(src\S+?):(\d+):\d+: .*\[Error\/typescript\((no-\w+-promises)\)\]$/gm;
  expect(await findings('oxlint', ['--type-aware', '--format=unix', 'src'], pattern)).toEqual([
    'src/discord/replies.ts:4 no-floating-promises',
    'src/discord/replies.ts:5 no-floating-promises',
    'src/discord/replies.ts:7 no-misused-promises',
  ]);
});
