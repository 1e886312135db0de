// The first half of `npm run prepare`, which npm runs after `npm install` in a clone and before it packs, but never
// where the packed program is installed. Where development packages were left out there is no compiler; this says what
// to do instead.
import { existsSync } from 'node:fs';

if (!existsSync('node_modules/typescript')) {
  console.error(`whitewalker can't be compiled: its compiler is a development package, and npm was told to leave those out
(--omit=dev or NODE_ENV=production). Compile first, and leave them out afterwards:

  npm ci --include=dev && npm run build && npm prune --omit=dev
`);
  process.exitCode = 1;
}
