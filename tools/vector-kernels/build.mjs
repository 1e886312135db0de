// `npm run build:kernels` assembles src/transfer/optimizers/vector-kernels.wat into vector-kernels.ts beside it. With
// --check it only says whether the two belong together.
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import createWabt from 'wabt';

const folder = new URL('../../src/transfer/optimizers/', import.meta.url);
const wabt = await createWabt();
const module = wabt.parseWat('vector-kernels.wat', await readFile(new URL('vector-kernels.wat', folder), 'utf8'), {
  simd: true,
});
const base64 = Buffer.from(module.toBinary({}).buffer).toString('base64');
const lines = base64.match(/.{1,110}/g).map((line) => `  '${line}'`);
const source = `// Assembled from vector-kernels.wat by \`npm run build:kernels\`: change that instead.
export const vectorKernels = [
${lines.join(',\n')},
].join('');
`;

const target = new URL('vector-kernels.ts', folder);
if (process.argv.includes('--check')) {
  if ((await readFile(target, 'utf8')) !== source) {
    console.error(`${fileURLToPath(target)} is not what vector-kernels.wat gives: run npm run build:kernels.`);
    process.exitCode = 1;
  }
} else {
  await writeFile(target, source);
}
