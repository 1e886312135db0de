// `npm run texts` prints every text that people see, in all languages, with sample values, to be read with fresh eyes.
import { createServer } from 'vite';

// Vite runs the TypeScript as it is, the page's as well.
const server = await createServer({
  configFile: false,
  root: new URL('../..', import.meta.url).pathname,
  server: { middlewareMode: true, watch: null },
  appType: 'custom',
  logLevel: 'error',
  optimizeDeps: { noDiscovery: true },
});
try {
  const { allTexts } = await server.ssrLoadModule('/tools/texts/all-texts.ts');
  for (const { path, variants } of allTexts()) {
    console.log(path);
    for (const [language, texts] of Object.entries(variants)) {
      const [first = '', ...others] = texts;
      const known = first.split('\n');
      // Of a text of many lines, other values show only the lines that they change.
      const changed = others.map((text) => text.split('\n').filter((line) => !known.includes(line)));
      for (const lines of texts.length > 0 ? [known, ...changed] : []) {
        console.log(`  ${language}  ${lines.join('\n      ')}`);
      }
    }
  }
} finally {
  await server.close();
}
