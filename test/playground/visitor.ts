import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { packageRoot } from '../../src/package-root.js';
import { whilePatient } from '../patience.js';
import { closePages, sharedBrowser } from './browser.js';
import { RunningPlayground } from './running-playground.js';

/** Path of an example picture, for file pickers. */
export const picturePath = (name: string) => join(packageRoot(), 'examples', name);

/** What an order's message says from its turn on. A quick machine may be done before it would say which epoch it is at. */
export const underWay = /easel|Epoch \d/;

/** How a slash command is filled in: texts are typed, and files chosen, by the names of options. */
export interface FilledIn {
  readonly texts?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
}

/** Somebody at the page, who sees and clicks what people do. */
export class Visitor {
  readonly page: Page;
  /** Everything that the browser complained about. */
  readonly complaints: string[] = [];

  private constructor(page: Page) {
    this.page = page;
    page.setDefaultTimeout(600_000);
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') this.complaints.push(message.text());
    });
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    this.#leaveWhereNothingMoves();
  }

  static async come(browser: Browser, address: string, options: BrowserContextOptions = {}): Promise<Visitor> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-US', ...options });
    const visitor = new Visitor(await context.newPage());
    await visitor.page.goto(address);
    return visitor;
  }

  /** The field in which messages and commands are written. */
  get field(): Locator {
    return this.page.getByRole('combobox', { name: /^(Message|Nachricht an) / });
  }

  get messages(): Locator {
    return this.page
      .getByRole('main')
      .getByRole('list', { name: /^(Messages|Nachrichten) / })
      .locator('> li');
  }

  /** Waits until the bot is connected, and its commands are known. */
  async untilBotRuns(): Promise<void> {
    await this.page.getByText('running', { exact: true }).waitFor();
  }

  /** Becomes another person, as the control at the bottom offers. */
  async be(name: string): Promise<void> {
    const control = this.page.getByRole('button', { name: /^(You are|Du bist) / });
    await control.click();
    await this.page.getByRole('radio', { name: new RegExp(`^(Be ${name}|${name} sein)$`) }).check();
    await control.click();
    await this.page.getByRole('button', { name: new RegExp(`^(You are|Du bist) ${name}`) }).waitFor();
  }

  async speak(language: 'English' | 'Deutsch'): Promise<void> {
    const control = this.page.getByRole('button', { name: /^(You are|Du bist) / });
    await control.click();
    await this.page.getByRole('radio', { name: language }).check();
    await control.click();
  }

  async open(channel: string): Promise<void> {
    await this.page.getByRole('navigation').getByRole('button', { name: channel, exact: true }).click();
  }

  /** Chooses a command in the list that `/` opens. */
  async begin(title: string): Promise<Locator> {
    await this.field.fill(`/${title}`);
    await this.page
      .getByRole('option')
      .filter({ has: this.page.getByText(`/${title}`, { exact: true }) })
      .click();
    const form = this.page.getByRole('form', { name: `/${title}` });
    await form.waitFor();
    return form;
  }

  /** Adds an option that is not shown from the beginning. */
  async add(form: Locator, option: string): Promise<void> {
    await form.getByRole('combobox', { name: /^(Optional options|Weitere Optionen)/ }).click();
    await form
      .getByRole('option')
      .filter({ has: this.page.getByText(option, { exact: true }) })
      .click();
  }

  /** Fills in and sends a command. Where a list is offered for an option, its entry is chosen. */
  async send(title: string, { texts = {}, files = {} }: FilledIn = {}): Promise<void> {
    const form = await this.begin(title);
    for (const [option, name] of Object.entries(files)) {
      const input = form.getByLabel(`Choose a file for ${option}`, { exact: true });
      if ((await input.count()) === 0) await this.add(form, option);
      await input.setInputFiles(picturePath(name));
    }
    for (const [option, text] of Object.entries(texts)) {
      const input = form.locator('input').and(form.getByLabel(option, { exact: true }));
      if ((await input.count()) === 0) await this.add(form, option);
      await input.fill(text);
    }
    await form.getByRole('button', { name: /^(Send|Senden)$/ }).click();
    await form.waitFor({ state: 'detached' });
  }

  /** Fills in and sends a command, and returns the bot's answer to it. */
  use(title: string, filledIn: FilledIn = {}): Promise<Locator> {
    return this.answerTo(() => this.send(title, filledIn));
  }

  /** Does something that the bot answers with a new message, and returns that message once it is there. */
  async answerTo(act: () => Promise<unknown>): Promise<Locator> {
    const count = await this.messages.count();
    await act();
    return this.#kept(this.messages.nth(count));
  }

  /** Returns the message that is the newest of those with this text, once there is one. */
  message(text: string | RegExp): Promise<Locator> {
    return this.#kept(this.messages.filter({ hasText: text }).last());
  }

  /** Waits until a message has a result: a picture and an animation, which can be seen. */
  async untilPainted(message: Locator): Promise<void> {
    await message.getByRole('button', { name: 'Delete' }).waitFor();
    await message.locator('.pictures img').first().waitFor();
    for (const picture of await message.locator('.pictures img').all()) {
      await picture.evaluate((image: HTMLImageElement) => image.decode());
    }
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }

  /** Returns the message that a locator finds now, or as soon as it finds one, and no other that it would find later. */
  async #kept(message: Locator): Promise<Locator> {
    return this.page.locator(`[id="${await message.getAttribute('id')}"]`);
  }

  /** Closes the page where it is of no use to wait any longer, so that what was waited for fails and says why. */
  #leaveWhereNothingMoves(): void {
    const { page } = this;
    const leave = async () => {
      const shown = await page
        .getByRole('main')
        .ariaSnapshot({ timeout: 10_000 })
        .catch(() => 'nothing');
      await page.close({ reason: `nothing has moved for a minute. The page shows:\n${shown}` });
    };
    let stop = () => {};
    const wait = () => {
      stop();
      stop = whilePatient(() => void leave());
    };
    wait();
    page.on('request', wait);
    page.once('close', () => {
      page.off('request', wait);
      stop();
    });
  }
}

/** A playground, a browser, and the owner at the page. */
export class OpenPlayground {
  private constructor(
    readonly playground: RunningPlayground,
    readonly browser: Browser,
    readonly owner: Visitor,
  ) {}

  /** @param environment - settings of the bot, over those that all tests have. */
  static async open(
    options: BrowserContextOptions = {},
    environment: Readonly<Record<string, string>> = {},
  ): Promise<OpenPlayground> {
    const [playground, browser] = await Promise.all([RunningPlayground.start([], environment), sharedBrowser()]);
    const owner = await Visitor.come(browser, playground.address, options);
    await owner.untilBotRuns();
    return new OpenPlayground(playground, browser, owner);
  }

  async close(): Promise<void> {
    await closePages(this.browser);
    await this.playground.stop();
  }
}

/** Reads an example picture, as a file that is dropped or pasted. */
export async function droppable(name: string) {
  const bytes = await readFile(picturePath(name));
  return { name, base64: bytes.toString('base64'), type: name.endsWith('.png') ? 'image/png' : 'image/jpeg' };
}
