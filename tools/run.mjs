// `npm start`, `npm run demo` and `npm run weights`. Where npm ran no scripts at the install, nothing is compiled yet; this says
// so, and otherwise is the program.
import { existsSync } from 'node:fs';

const main = new URL('../dist/src/main.js', import.meta.url);
if (existsSync(main)) await import(main.href);
else {
  console.error(
    'whitewalker is not compiled, as npm ran no scripts when it was installed (ignore-scripts). Run `npm run build`.',
  );
  process.exitCode = 1;
}
