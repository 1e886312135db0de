import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { BrowserContextOptions } from 'playwright-core';
import sharp from 'sharp';
import { packageRoot } from '../../src/package-root.js';
import { noBrowser, startBrowser } from './browser.js';
import { RunningPlayground } from './running-playground.js';
import { Visitor } from './visitor.js';

/**
 * `npm run build:screenshots` takes the pictures of the playground that documents show, into docs/pictures: of its main
 * states, 1280 and 390 pixels wide, dark and light. Pictures are painted as people get them, which takes some minutes.
 */
if (noBrowser !== undefined) throw new Error(`The playground can't be photographed: this ${noBrowser}.`);

const folder = join(packageRoot(), 'docs', 'pictures');
const asPeopleGetThem = { QUALITY_DRAFT: '', QUALITY_STANDARD: '', QUALITY_HIGH: '', THREADS: '' };
const looks = {
  dark: { colorScheme: 'dark', viewport: { width: 1280, height: 800 } },
  light: { colorScheme: 'light', viewport: { width: 1280, height: 800 } },
  'phone-dark': { colorScheme: 'dark', viewport: { width: 390, height: 780 } },
  'phone-light': { colorScheme: 'light', viewport: { width: 390, height: 780 } },
} as const satisfies Readonly<Record<string, BrowserContextOptions>>;

await mkdir(folder, { recursive: true });
const [playground, browser] = await Promise.all([RunningPlayground.start([], asPeopleGetThem), startBrowser()]);

/** Takes a picture of what a visitor sees, once all pictures in it are there. */
async function photograph({ page }: Visitor, name: string): Promise<void> {
  await page.evaluate(() => Promise.all([...document.images].map((image) => image.decode().catch(() => undefined))));
  const file = join(folder, `playground-${name}.jpg`);
  await sharp(await page.screenshot())
    .jpeg({ quality: 84, mozjpeg: true })
    .toFile(file);
  process.stderr.write(`${file}\n`);
}

/** Takes a picture of the same state in each of these looks. */
async function photographAs(
  names: readonly (keyof typeof looks)[],
  what: string,
  enter: (visitor: Visitor) => Promise<unknown>,
) {
  for (const name of names) {
    const visitor = await Visitor.come(browser, playground.address, { ...looks[name], deviceScaleFactor: 1 });
    await visitor.field.waitFor();
    await enter(visitor);
    await photograph(visitor, `${what}-${name}`);
    await visitor.close();
  }
}

const all = ['dark', 'light', 'phone-dark', 'phone-light'] as const;
const owner = await Visitor.come(browser, playground.address, looks.dark);
owner.page.setDefaultTimeout(300_000);
await owner.untilBotRuns();
await photographAs(all, 'welcome', async () => undefined);

const order = await owner.answerTo(() => owner.page.getByRole('button', { name: /astronaut/ }).click());
await order.getByText(/Epoch \d/).waitFor();
await order.locator('.pictures img').first().waitFor();
await photograph(owner, 'painting-dark');
await owner.page.getByRole('button', { name: 'kill -9 the bot' }).click();
await owner.page.getByText('The bot is gone.').waitFor();
await photograph(owner, 'trouble-dark');
await owner.untilPainted(order);

const atTheEnd = ({ messages }: Visitor) => messages.last().scrollIntoViewIfNeeded();
await photographAs(all, 'result', async (visitor) => {
  await visitor.page.locator('.scroller').evaluate((box) => box.scrollTo(0, box.scrollHeight));
  await atTheEnd(visitor);
});
await photographAs(all, 'command', async (visitor) => {
  const form = await visitor.begin('whitewalker');
  await visitor.add(form, 'content');
  await form.getByRole('button', { name: 'Use the example' }).click();
  await visitor.add(form, 'preset');
  await visitor.page.getByRole('option', { name: 'Wildfire' }).waitFor();
});
await photographAs(all, 'form', async (visitor) => {
  await visitor.page.getByRole('button', { name: 'Again with…' }).click();
  await visitor.page.getByRole('dialog').waitFor();
});
await photographAs(['dark', 'phone-light'], 'styles', async (visitor) => {
  const gallery = await visitor.use('styles list');
  await gallery.filter({ hasText: 'Page 1 of 2' }).waitFor();
});
await browser.close();
process.exitCode = (await playground.stop()) === 0 ? 0 : 1;
