import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noBrowser } from './browser.js';
import { droppable, OpenPlayground, type Visitor } from './visitor.js';

describe.skipIf(noBrowser)(`painting in the playground (${noBrowser ?? 'in Chromium'})`, () => {
  let open: OpenPlayground;
  let ada: Visitor;

  beforeAll(async () => {
    open = await OpenPlayground.open();
    ada = open.owner;
  });

  afterAll(async () => {
    await open?.close();
  });

  it('takes one click to a White Walker of the example photograph', async () => {
    const { page } = ada;
    const turn = page.getByRole('button', { name: 'Turn the astronaut into a White Walker' });
    const message = await ada.answerTo(() => turn.click());
    await ada.untilPainted(message);
    const pictures = message.getByRole('button', { name: /^Open large: / });
    expect(await pictures.count()).toBe(2);
    expect(await message.getByText('6 epochs').count()).toBe(1);

    await pictures.first().click();
    const large = page.getByRole('dialog');
    expect(await large.getByRole('link', { name: 'Save' }).getAttribute('download')).toMatch(
      /whitewalker-.*\.(png|jpg|webp)$/,
    );
    await page.keyboard.press('Escape');
    await large.waitFor({ state: 'detached' });
    const gif = message.locator('img').last();
    const type = await gif.evaluate(async (image: HTMLImageElement) =>
      (await fetch(image.src)).headers.get('content-type'),
    );
    expect(type).toBe('image/gif');
    await page.getByText('Discord has forbidden nothing so far.').waitFor();
  });

  it('can be ordered by the keyboard alone', async () => {
    const { page } = ada;
    await ada.field.focus();
    await page.keyboard.type('/layers');
    await page.keyboard.press('Enter');
    // From the picker of files, which opens a window of the system, to the example beside it.
    await page.getByLabel('Choose a file for image').focus();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByText('astronaut.jpg', { exact: true }).waitFor();
    const send = page.getByRole('button', { name: 'Send' });
    for (let steps = 0; steps < 8 && !(await isFocused(send)); steps++) await page.keyboard.press('Tab');
    const message = await ada.answerTo(() => page.keyboard.press('Enter'));
    expect(await isFocused(ada.field)).toBe(true);
    await ada.untilPainted(message);
  });

  it('takes pictures that are dropped and pasted, and hides a spoiler until it is clicked', async () => {
    const form = await ada.begin('whitewalker');
    await ada.add(form, 'content');
    await ada.add(form, 'style');
    await ada.add(form, 'spoiler');
    await hand(form.locator('.drop-zone').first(), 'drop', await droppable('chelsea.jpg'));
    await hand(form, 'paste', await droppable('ice-shards.png'));
    await form.getByText('ice-shards.png').waitFor();
    const spoiler = form.getByRole('combobox', { name: 'spoiler' });
    await spoiler.fill('tr');
    await spoiler.press('Enter');
    const message = await ada.answerTo(() => spoiler.press('Enter'));
    await message.filter({ hasText: 'your own style' }).waitFor();
    await ada.untilPainted(message);
    const covered = message.getByRole('button', { name: 'Spoiler: show' });
    expect(await covered.count()).toBe(2);
    await covered.first().click();
    expect(await message.getByRole('button', { name: /^Open large: / }).count()).toBe(1);
  });

  it('begins a command by a link', async () => {
    await ada.page.goto(`${open.playground.address}#/whitewalker?preset=wildfire`);
    const form = ada.page.getByRole('form', { name: '/whitewalker' });
    await form.waitFor();
    expect(await form.getByRole('combobox', { name: 'preset' }).inputValue()).toBe('wildfire');
    await ada.add(form, 'content');
    await form.getByRole('button', { name: 'Use the example' }).click();
    const message = await ada.answerTo(() => form.getByRole('button', { name: 'Send' }).click());
    await message.filter({ hasText: /Wildfire/ }).waitFor();
    await ada.untilPainted(message);
    expect(new URL(ada.page.url()).hash).toBe('');
  });

  it('never made the browser complain', () => {
    expect(ada.complaints).toEqual([]);
  });
});

async function isFocused(element: Locator): Promise<boolean> {
  return (await element.count()) > 0 && element.evaluate((node) => node === document.activeElement);
}

/** Drops a file onto an element, or pastes it there. */
async function hand(
  target: Locator,
  how: 'drop' | 'paste',
  file: Awaited<ReturnType<typeof droppable>>,
): Promise<void> {
  await target.evaluate(
    (element, { how, name, base64, type }) => {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      const data = new DataTransfer();
      data.items.add(new File([bytes], name, { type }));
      const shared = { bubbles: true, cancelable: true };
      element.dispatchEvent(
        how === 'drop'
          ? new DragEvent('drop', { ...shared, dataTransfer: data })
          : new ClipboardEvent('paste', { ...shared, clipboardData: data }),
      );
    },
    { how, ...file },
  );
}
