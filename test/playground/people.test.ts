import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noBrowser } from './browser.js';
import { OpenPlayground, type Visitor } from './visitor.js';

/** A picture that takes longer than the bot waits between two edits of a waiting one. It is always cancelled. */
const long = { texts: { quality: 'high', epochs: '200' }, files: { content: 'astronaut.jpg' } } as const;

describe.skipIf(noBrowser)(`people in the playground (${noBrowser ?? 'in Chromium'})`, () => {
  let open: OpenPlayground;
  let visitor: Visitor;

  beforeAll(async () => {
    open = await OpenPlayground.open({}, { QUALITY_HIGH: '512px 40 epochs' });
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
    await visitor.use('help');
    const answer = await visitor.message('I repaint a picture');
    await answer.getByText('Only you can see this').waitFor();
    await visitor.be('Ben');
    expect(await visitor.messages.filter({ hasText: 'I repaint a picture' }).count()).toBe(0);
  });

  it('may cancel their own pictures; those of others, only moderators may', async () => {
    await visitor.be('Ada');
    await visitor.use('whitewalker', long);
    const order = visitor.messages.filter({ hasText: 'Ada used /whitewalker' });
    const cancel = order.getByRole('button', { name: 'Cancel' });
    await cancel.waitFor();
    await visitor.be('Ben');
    await cancel.click();
    await (await visitor.message(/only/i)).getByText('Only you can see this').waitFor();
    await visitor.be('Maud');
    await cancel.click();
    await order.getByText('Cancelled by a moderator.').waitFor();
  });

  it('have their places in the queue, and cancel there', async () => {
    await visitor.be('Ada');
    await visitor.use('whitewalker', long);
    await visitor.messages.last().getByRole('button', { name: 'Cancel' }).waitFor();
    await visitor.use('whitewalker', long);
    await visitor.be('Ben');
    await visitor.use('whitewalker', long);
    // Ben's first picture comes before Ada's second.
    await visitor.message(/You are next/);
    const adas = visitor.messages.filter({ hasText: 'Ada used /whitewalker' }).last();
    await adas.getByText('Number 2 in the queue').waitFor();
    await visitor.be('Ada');
    for (const left of [1, 0]) {
      await visitor.use('queue');
      const queue = await visitor.message('Your pictures');
      await queue.getByRole('combobox', { name: 'Cancel one of them…' }).click();
      await queue.getByRole('option').nth(left).click();
      await visitor.messages
        .filter({ hasText: 'Cancelled.' })
        .nth(1 - left)
        .waitFor();
    }
    await visitor.be('Ben');
    await visitor.message('Ben used /whitewalker');
    await visitor.messages.filter({ hasText: 'Ben used /whitewalker' }).getByRole('button', { name: 'Cancel' }).click();
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
    await visitor.use('settings show');
    await visitor.message('Einstellungen dieses Servers');
    await visitor.be('Ben');
    await visitor.page.getByText('Welcome to #studio!').waitFor();
  });

  it('write to the bot in direct messages, where nobody else reads', async () => {
    await visitor.be('Zoe');
    await visitor.page.getByText('This is the beginning of your direct messages').waitFor();
    await visitor.use('whitewalker', { texts: { quality: 'draft' }, files: { content: 'chelsea.jpg' } });
    await visitor.untilPainted(await visitor.message('Zoe used /whitewalker'));
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
