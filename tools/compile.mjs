// `npm run prepare` and `npm run prepack`. npm runs the first after `npm install` in a clone, before it packs, and for
// `npx whitewalker` in a clone; the second before it packs; and neither where the packed program is installed. The compiler is a
// development package, so it may be missing: then what is compiled already is left as it is.
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';

const isPacking = process.argv[2] === 'clean';
if (existsSync('node_modules/typescript')) {
  // A package must not bring along what an earlier version compiled.
  if (isPacking) rmSync('dist', { recursive: true, force: true });
  else process.exitCode = spawnSync('npm run build', { shell: true, stdio: 'inherit' }).status ?? 1;
} else if (isPacking || !existsSync('dist/src/main.js')) {
  console.error(`whitewalker can't be compiled: its compiler is a development package and is not installed. Run \`npm ci\` first, in a
place without --omit=dev and NODE_ENV=production. To host it, compile and then leave out what only compiling needs:

  npm ci --include=dev && npm run build && npm prune --omit=dev
`);
  process.exitCode = 1;
}
