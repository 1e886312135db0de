import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noBrowser } from './browser.js';
import { OpenPlayground, type Visitor } from './visitor.js';

/** A picture that takes some seconds, so that computing is held before it is done. It is always cancelled. */
const long = { texts: { quality: 'high', epochs: '200' }, files: { content: 'astronaut.jpg' } } as const;

describe.skipIf(noBrowser)(`people in the playground (${noBrowser ?? 'in Chromium'})`, () => {
  let open: OpenPlayground;
  let visitor: Visitor;

  beforeAll(async () => {
    open = await OpenPlayground.open({}, { QUALITY_HIGH: '512px 40 epochs', HANG_SECONDS: '86400' });
    visitor = open.owner;
  });

  afterAll(async () => {
    await open?.close();
  });

  it('find the commands that they may use: settings are for moderators', async () => {
    await visitor.field.fill('/settings');
    await visitor.page.getByText('No command like that is known here.').waitFor();
    await visitor.be('Maud');
    await visitor.field.fill('/settings');
    expect(await visitor.page.getByRole('option').count()).toBeGreaterThan(5);
    await visitor.field.fill('');
  });

  it('see what is for them alone, and not what is for others', async () => {
    const answer = await visitor.use('help');
    await answer.filter({ hasText: 'I repaint a picture' }).waitFor();
    await answer.filter({ hasText: 'Only you can see this' }).waitFor();
    await visitor.be('Ben');
    expect(await visitor.messages.filter({ hasText: 'I repaint a picture' }).count()).toBe(0);
  });

  it('may cancel their own pictures; those of others, only moderators may', async () => {
    await visitor.be('Ada');
    const order = await visitor.use('whitewalker', long);
    const cancel = order.getByRole('button', { name: 'Cancel' });
    await cancel.waitFor();
    const goOn = await open.playground.holdComputing();
    await visitor.be('Ben');
    const refusal = await visitor.answerTo(() => cancel.click());
    await refusal.filter({ hasText: 'Only the person who asked for it, and moderators' }).waitFor();
    await refusal.filter({ hasText: 'Only you can see this' }).waitFor();
    await visitor.be('Maud');
    goOn();
    await cancel.click();
    await order.filter({ hasText: 'Cancelled by a moderator.' }).waitFor();
  });

  it('have their places in the queue, and cancel there', async () => {
    await visitor.be('Ada');
    const first = await visitor.use('whitewalker', long);
    await first.getByRole('button', { name: 'Cancel' }).waitFor();
    // The bot waits ten seconds between two edits of a picture that waits.
    const goOn = await open.playground.holdComputing();
    const second = await visitor.use('whitewalker', long);
    await visitor.be('Ben');
    const bens = await visitor.use('whitewalker', long);
    // Ben's first picture comes before Ada's second.
    await bens.filter({ hasText: /You are next/ }).waitFor();
    await second.filter({ hasText: 'Number 2 in the queue' }).waitFor();
    goOn();
    await visitor.be('Ada');
    for (const [order, index] of [
      [second, 1],
      [first, 0],
    ] as const) {
      const queue = await visitor.use('queue');
      await queue.getByRole('combobox', { name: 'Cancel one of them…' }).click();
      await queue.getByRole('option').nth(index).click();
      await order.filter({ hasText: 'Cancelled.' }).waitFor();
    }
    await visitor.be('Ben');
    await bens.getByRole('button', { name: 'Cancel' }).click();
    await bens.filter({ hasText: 'Cancelled.' }).waitFor();
  });

  it('are answered in their language, and so is everything on the page', async () => {
    await visitor.be('Maud');
    await visitor.speak('Deutsch');
    await visitor.page.getByText('Willkommen in #studio!').waitFor();
    expect(await visitor.page.locator('html').getAttribute('lang')).toBe('de');
    await visitor.field.fill('/white');
    await visitor.page
      .getByRole('option', { name: /Verwandle ein Bild|Bild/ })
      .first()
      .waitFor();
    await visitor.field.fill('');
    const settings = await visitor.use('settings show');
    await settings.filter({ hasText: 'Einstellungen dieses Servers' }).waitFor();
    await visitor.be('Ben');
    await visitor.page.getByText('Welcome to #studio!').waitFor();
  });

  it('write to the bot in direct messages, where nobody else reads', async () => {
    await visitor.be('Zoe');
    await visitor.page.getByText('This is the beginning of your direct messages').waitFor();
    const draft = { texts: { quality: 'draft' }, files: { content: 'chelsea.jpg' } };
    await visitor.untilPainted(await visitor.use('whitewalker', draft));
    await visitor.be('Ben');
    await visitor.open('Whitewalker');
    expect(await visitor.messages.count()).toBe(0);
  });

  it('write and delete messages', async () => {
    await visitor.open('gallery');
    await visitor.field.fill('What a **fine** cat');
    await visitor.field.press('Enter');
    const message = await visitor.message('What a fine cat');
    await message.hover();
    await message.getByRole('button', { name: 'More about the message of Ben' }).click();
    await visitor.page.getByRole('menuitem', { name: 'Delete message' }).click();
    await message.waitFor({ state: 'detached' });
  });

  it('never made the browser complain', () => {
    expect(visitor.complaints).toEqual([]);
  });
});
