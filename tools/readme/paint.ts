// `npm run build:pictures [-- VGG19]` paints the pictures and animations of README.md with the program itself, as it paints by
// default; those by VGG19 only where its weights are named, a file that has at least the layers up to conv3_4.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/package-root.js';
import { paintMoving } from './paint-moving.js';

const root = packageRoot();
const target = join(root, 'docs', 'pictures');
const [vgg19] = process.argv.slice(2);

for (const [content, style] of [
  ['astronaut.jpg', 'ice-shards.png'],
  ['chelsea.jpg', 'coffee.jpg'],
] as const) {
  const name = `${stem(content)}-${stem(style)}`;
  await paint(content, style, `${name}-lite.jpg`);
  if (vgg19 !== undefined) await paint(content, style, `${name}-vgg19.jpg`, '--weights', vgg19);
}
await paint('astronaut.jpg', 'ice-shards.png', 'astronaut.gif', '--size', '256');
await inPlace('moving.webp', (out, folder) => {
  return paintMoving(join(root, 'examples', 'chelsea.jpg'), 'frozen-lake', out, folder);
});

/** Paints an example. */
function paint(content: string, style: string, file: string, ...options: readonly string[]): Promise<void> {
  return inPlace(file, async (out, folder) => {
    const outputs = file.endsWith('.gif') ? ['--gif', out, '--out', join(folder, 'still.png')] : ['--out', out];
    const pictures = [content, style].map((name) => join(root, 'examples', name));
    const command = [join(root, 'dist', 'src', 'main.js'), 'stylize', ...pictures, ...outputs, ...options];
    execFileSync(process.execPath, command, { stdio: 'inherit' });
  });
}

/** Makes a picture or animation in a folder of its own, and puts it in the place of an earlier one. */
async function inPlace(file: string, make: (out: string, folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(target, 'new-'));
  try {
    const out = join(folder, file);
    await make(out, folder);
    renameSync(out, join(target, file));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function stem(file: string): string {
  return file.replace(/\.\w+$/, '');
}
