import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noBrowser } from './browser.js';
import { OpenPlayground, underWay, type Visitor } from './visitor.js';

/** An order that is still under way when something happens to it. */
const long = { texts: { quality: 'high', epochs: '60' }, files: { content: 'astronaut.jpg' } } as const;

describe.skipIf(noBrowser)(`trouble in the playground (${noBrowser ?? 'in Chromium'})`, () => {
  let open: OpenPlayground;
  let ada: Visitor;

  beforeAll(async () => {
    open = await OpenPlayground.open();
    ada = open.owner;
  });

  afterAll(async () => {
    await open?.close();
  });

  const cause = (name: string) => ada.page.getByRole('button', { name, exact: true }).click();
  const fact = (name: string) =>
    ada.page.locator('.facts div').filter({ has: ada.page.getByText(name, { exact: true }) });

  /** Orders something long, and returns its message once it is being painted. */
  async function begun(): Promise<Locator> {
    const order = await ada.use('whitewalker', long);
    await order.filter({ hasText: underWay }).waitFor();
    return order;
  }

  /** Waits until an order's message has its result, and expects that it is the only new one. */
  async function deliveredOnce(order: Locator): Promise<void> {
    const results = ada.page.getByRole('button', { name: 'More epochs' });
    await ada.untilPainted(order);
    const index = await results.count();
    await fact('being delivered').getByText('0', { exact: true }).waitFor();
    expect(await results.count()).toBe(index);
  }

  it('kill -9 of the bot: the page says so, and the picture is delivered once by the next one', async () => {
    const order = await begun();
    const before = await ada.page.getByRole('button', { name: 'More epochs' }).count();
    await cause('kill -9 the bot');
    await ada.page.getByText('The bot is gone. It is started again in a moment.').waitFor();
    await fact('Started again').getByText('1', { exact: true }).waitFor();
    await deliveredOnce(order);
    expect(await ada.page.getByRole('button', { name: 'More epochs' }).count()).toBe(before + 1);
  });

  it('what people do while the bot is gone is answered as Discord does', async () => {
    await cause('kill -9 the bot');
    await ada.page.getByText('The bot is gone. It is started again in a moment.').waitFor();
    await ada.send('help');
    await ada.page.getByText('The application did not respond').waitFor();
    await ada.page.getByRole('alert').getByRole('button', { name: 'Dismiss message' }).click();
    await fact('Started again').getByText('2', { exact: true }).waitFor();
    await ada.untilBotRuns();
  });

  it('kill -9 of the compute process: the picture is begun again, and delivered once', async () => {
    const order = await begun();
    await cause('kill -9 the compute process');
    await deliveredOnce(order);
    await fact('Started again').getByText('2', { exact: true }).waitFor();
  });

  it('a cut gateway, rate limits and a slow CDN: all is delivered all the same', async () => {
    await cause('Slow CDN');
    await cause('Rate limit');
    const order = await ada.answerTo(async () => {
      await ada.send('whitewalker', { texts: { quality: 'draft' }, files: { content: 'chelsea.jpg' } });
      await cause('Cut the gateway');
    });
    await ada.untilPainted(order);
    await ada.page.getByRole('cell', { name: '429' }).first().waitFor();
    await fact('Gateway').getByText('connected', { exact: true }).waitFor();
  });

  it('15 minutes later: the token has run out, and the result comes as a message of its own', async () => {
    await begun();
    const results = await ada.page.getByRole('button', { name: 'More epochs' }).count();
    await cause('15 minutes later');
    await ada.page.getByText('Discord’s clock is 15 minutes ahead.').waitFor();
    await ada.page.getByRole('button', { name: 'More epochs' }).nth(results).waitFor();
    await ada.page.getByRole('cell', { name: '401' }).first().waitFor();
  });

  it('starting anew forgets everything', async () => {
    await cause('Start anew');
    await cause('Really forget everything?');
    await ada.messages.first().waitFor({ state: 'detached' });
    await ada.untilBotRuns();
    const queue = await ada.use('queue');
    await queue.filter({ hasText: 'Nothing is waiting or running.' }).waitFor();
  });

  it('did nothing that Discord forbids, and never made the browser complain', async () => {
    await ada.page.getByText('Discord has forbidden nothing so far.').waitFor();
    expect(ada.complaints).toEqual([]);
  });
});
