#!/usr/bin/env node
import { hearAbandonedImports, installationTrouble } from './installation-trouble.js';
import { isTooOld, oldestNode } from './node-version.js';

// Only this file and what it imports are loaded before the first check. They are kept so plain that every Node.js since
// version 14 understands them, and they import no package, since one may be missing.
const { node } = process.versions;
if (isTooOld(node)) fail(`whitewalker needs Node.js ${oldestNode} or newer, and this is ${node}: update it.`);
else {
  hearAbandonedImports(({ message }) => {
    fail(`whitewalker: ${message}`);
    process.exit();
  });
  import('./program.js').catch((error: unknown) => {
    const trouble = installationTrouble(error);
    fail(trouble ? `whitewalker: ${trouble.message}` : String(error instanceof Error ? error.stack : error));
  });
}

function fail(message: string): void {
  // Where nobody reads it, the exit code still tells.
  process.stderr.on('error', () => {});
  process.stderr.write(`${message}\n`);
  process.exitCode = 1;
}
