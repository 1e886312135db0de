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

/** Starts a browser. As root, as in containers, Chromium can't make its sandbox. */
export function startBrowser(): Promise<Browser> {
  return chromium.launch({
    ...(executablePath !== undefined && { executablePath }),
    chromiumSandbox: process.getuid?.() !== 0,
    // However long it takes on a busy machine: the test's own limit counts.
    timeout: 0,
  });
}

let shared: Promise<Browser> | undefined;

/** Returns the browser that all tests in this process use, and that ends with it: to start one takes longer than many a test. */
export function sharedBrowser(): Promise<Browser> {
  shared ??= startBrowser();
  return shared;
}

/** Closes all pages of a browser, and forgets what they have kept. */
export async function closePages(browser: Browser): Promise<void> {
  await Promise.all(browser.contexts().map((context) => context.close()));
}
