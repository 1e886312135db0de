import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { packageRoot } from '../src/package-root.js';

/** Returns the environment of a process whose ONNX Runtime fails at pictures that are so wide, in pixels, or wider. */
export function failingRuntime(fromWidth: number, failure: string): Readonly<Record<string, string>> {
  const preload = pathToFileURL(join(packageRoot(), 'test', 'fixtures', 'failing-runtime.mjs'));
  return { NODE_OPTIONS: `--import=${preload}`, FAILS_FROM: String(fromWidth), FAILURE: failure };
}
