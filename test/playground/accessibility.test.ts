import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Result } from 'axe-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noBrowser } from './browser.js';
import { OpenPlayground, Visitor } from './visitor.js';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Returns what axe-core finds that keeps people out: its rules with how grave they are, and where they are broken. */
async function barriers({ page }: Visitor): Promise<readonly string[]> {
  if (!(await page.evaluate("'axe' in window"))) await page.evaluate(axe);
  // Of all that it looks at and finds in order, nothing has to be described and handed over.
  const violations = await page.evaluate<readonly Result[]>(
    "axe.run({ resultTypes: ['violations'] }).then(({ violations }) => violations)",
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, impact, nodes }) => nodes.map(({ target }) => `${impact} ${id}: ${target.join(' ')}`));
}

/** What a visitor does to get the page into a state, and out of it again. */
const states: readonly (readonly [
  name: string,
  enter: (visitor: Visitor) => Promise<unknown>,
  keys: readonly string[],
])[] = [
  ['at the beginning', async () => undefined, []],
  ['with the list of commands', ({ field }) => field.fill('/'), ['Escape']],
  [
    'with a command that is being written',
    async (visitor) => visitor.add(await visitor.begin('layers'), 'quality'),
    [],
  ],
  ['with a command that can’t be sent', ({ page }) => page.getByRole('button', { name: 'Send' }).click(), ['Escape']],
  [
    'with a form',
    async (visitor) => {
      await visitor.page.getByRole('button', { name: 'Again with…' }).click();
      await visitor.page.getByRole('dialog').waitFor();
    },
    [],
  ],
  [
    'with an open menu in a form',
    ({ page }) => page.getByRole('dialog').getByRole('combobox').first().click(),
    ['Escape', 'Escape'],
  ],
  [
    'with a picture that is open',
    ({ page }) =>
      page
        .getByRole('button', { name: /^Open large/ })
        .first()
        .click(),
    ['Escape'],
  ],
  [
    'with the menu of a message',
    async ({ page, messages }) => {
      await messages.first().hover();
      await messages
        .first()
        .getByRole('button', { name: /^More about the message/ })
        .click();
      await page.getByRole('menu').waitFor();
    },
    ['Escape'],
  ],
  ['with the choice of people', ({ page }) => page.getByRole('button', { name: /^You are/ }).click(), ['Escape']],
  [
    'with answers for one person, of new components',
    async (visitor) => {
      const gallery = await visitor.use('styles list');
      await gallery.filter({ hasText: 'Page 1 of 2' }).waitFor();
    },
    [],
  ],
  ['in another channel', (visitor) => visitor.open('gallery'), []],
];

describe.skipIf(noBrowser)(`the playground’s page (${noBrowser ?? 'in Chromium'})`, () => {
  let open: OpenPlayground;

  beforeAll(async () => {
    open = await OpenPlayground.open();
    const { owner } = open;
    const turn = owner.page.getByRole('button', { name: /astronaut/ });
    await owner.untilPainted(await owner.answerTo(() => turn.click()));
  });

  afterAll(async () => {
    await open?.close();
  });

  it.each([
    ['dark', 1280],
    ['light', 390],
  ] as const)('keeps nobody out, %s and %i pixels wide', async (colorScheme, width) => {
    const visitor = await Visitor.come(open.browser, open.playground.address, {
      colorScheme,
      viewport: { width, height: 780 },
    });
    const { page } = visitor;
    await visitor.messages.first().waitFor();
    const isNarrow = width < 720;
    const found: string[] = [];
    for (const [name, enter, keys] of states) {
      const needsSidebar = isNarrow && (name.includes('people') || name.includes('channel'));
      if (needsSidebar) await page.getByRole('button', { name: 'Channels and people' }).click();
      await enter(visitor);
      found.push(...(await barriers(visitor)).map((barrier) => `${name}: ${barrier}`));
      // Nothing is wider than the window.
      expect(await page.evaluate(() => document.documentElement.scrollWidth), name).toBeLessThanOrEqual(width);
      for (const key of keys) await page.keyboard.press(key);
      if (needsSidebar) await page.keyboard.press('Escape');
    }
    if (isNarrow) await page.getByRole('button', { name: 'Behind the scenes' }).click();
    await page.getByRole('heading', { name: 'Trouble' }).waitFor();
    found.push(...(await barriers(visitor)).map((barrier) => `with the panel: ${barrier}`));
    expect(found).toEqual([]);
    expect(visitor.complaints).toEqual([]);
    await visitor.close();
  });

  it('tells those who can’t see what has come, once it has come', async () => {
    const { owner } = open;
    await owner.field.fill('Winter is coming');
    await owner.field.press('Enter');
    await owner.page.locator('[aria-live=polite]').getByText('Ada: Winter is coming').waitFor({ state: 'attached' });
  });

  it('is small', async () => {
    const visitor = await Visitor.come(open.browser, open.playground.address);
    await visitor.field.waitFor();
    const files = await visitor.page.evaluate(() =>
      performance
        .getEntriesByType('resource')
        .filter(({ name }) => name.includes('/assets/'))
        .map(({ name }) => name),
    );
    const bytes = await visitor.page.evaluate(async (addresses) => {
      const compressed = addresses.map(async (address) => {
        const { body } = await fetch(address);
        return (await new Response(body?.pipeThrough(new CompressionStream('gzip'))).arrayBuffer()).byteLength;
      });
      return (await Promise.all(compressed)).reduce((sum, size) => sum + size, 0);
    }, files);
    expect(files.length).toBeGreaterThan(1);
    expect(bytes).toBeLessThan(300_000);
    await visitor.close();
  });
});
