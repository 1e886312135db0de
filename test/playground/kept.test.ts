import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../patience.js';
import { closePages, noBrowser, sharedBrowser } from './browser.js';
import { newFolder, RunningPlayground } from './running-playground.js';
import { underWay, Visitor } from './visitor.js';

describe.skipIf(noBrowser)(`a playground whose folder is kept (${noBrowser ?? 'in Chromium'})`, () => {
  let browser: Browser;
  let data: string;
  let playground: RunningPlayground;

  beforeAll(async () => {
    [browser, data] = await Promise.all([sharedBrowser(), newFolder()]);
  });

  afterAll(async () => {
    if (browser) await closePages(browser);
    await playground?.stop();
    await rm(data, { recursive: true });
  });

  async function come(): Promise<Visitor> {
    playground = await RunningPlayground.start(['--data', data]);
    const visitor = await Visitor.come(browser, playground.address);
    await visitor.untilBotRuns();
    return visitor;
  }

  it.each([
    ['Ctrl-C', 'SIGINT'],
    ['kill -9', 'SIGKILL'],
  ] as const)('goes on after %s where it was: the picture that was begun is delivered, once', async (_, signal) => {
    const visitor = await come();
    const before = await visitor.messages.count();
    const order = await visitor.use('whitewalker', {
      texts: { quality: 'high', epochs: '60' },
      files: { content: 'astronaut.jpg' },
    });
    await order.filter({ hasText: underWay }).waitFor();
    const id = (await order.getAttribute('id'))?.replace('message-', '');
    // What happens is written down half a second later, and a kill -9 in between would lose it.
    const kept = () => readFile(join(data, 'discord', 'discord.json'), 'utf8');
    await until(async () => (await kept()).includes(`"${id}"`));
    playground.child.kill(signal);
    await playground.ended;
    await playground.stop();
    expect(visitor.complaints.filter((complaint) => !complaint.includes('ERR_'))).toEqual([]);
    await visitor.close();

    const again = await come();
    expect(await again.messages.count()).toBe(before + 1);
    await again.untilPainted(again.messages.nth(before));
    await again.page.getByText('Discord has forbidden nothing so far.').waitFor();
    expect(await again.page.getByRole('button', { name: 'More epochs' }).count()).toBe(before + 1);
    expect(again.complaints).toEqual([]);
    await again.close();
    await playground.stop();
  });
});
