import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  logLevel: 'warn',
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact' },
  build: {
    outDir: '../dist/playground',
    emptyOutDir: true,
    target: 'es2022',
    // The policy of the page lets no picture in that stands in the code itself.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
