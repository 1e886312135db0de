import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Path of a Chromium on this machine: what CHROMIUM names, or the first in the path; undefined without one. */
const executablePath = [
  ...(process.env.CHROMIUM ? [process.env.CHROMIUM] : []),
  ...(process.env.PATH ?? '').split(delimiter).flatMap((folder) => names.map((name) => join(folder, name))),
].find((path) => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
});

/** Why tests in a browser are skipped here; undefined where they are not. */
export const noBrowser =
  executablePath === undefined
    ? 'needs Chromium: install it (Debian has `apt-get install chromium`), or name one in CHROMIUM'
    : undefined;

/** Starts the browser. As root, as in containers, Chromium can't make its sandbox. */
export function startBrowser(): Promise<Browser> {
  return chromium.launch({
    ...(executablePath !== undefined && { executablePath }),
    chromiumSandbox: process.getuid?.() !== 0,
  });
}
