// `npm run build:kernels` assembles the WebAssembly of src/transfer, each .wat into a .ts beside it. With --check it only
// says whether the two belong together.
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import createWabt from 'wabt';

const kernels = [
  { path: 'optimizers/vector-kernels', name: 'vectorKernels' },
  { path: 'pixels/plane-kernels', name: 'planeKernels' },
];
const wabt = await createWabt();
for (const { path, name } of kernels) {
  const source = new URL(`../../src/transfer/${path}.wat`, import.meta.url);
  const target = new URL(`../../src/transfer/${path}.ts`, import.meta.url);
  const file = path.replace(/.*\//, '');
  const module = wabt.parseWat(`${file}.wat`, await readFile(source, 'utf8'), { simd: true });
  const base64 = Buffer.from(module.toBinary({}).buffer).toString('base64');
  const lines = base64.match(/.{1,110}/g).map((line) => `  '${line}'`);
  const text = `// Assembled from ${file}.wat by \`npm run build:kernels\`: change that instead.
export const ${name} = [
${lines.join(',\n')},
].join('');
`;
  if (!process.argv.includes('--check')) {
    await writeFile(target, text);
  } else if ((await readFile(target, 'utf8')) !== text) {
    console.error(`${fileURLToPath(target)} is not what ${file}.wat gives: run npm run build:kernels.`);
    process.exitCode = 1;
  }
}
