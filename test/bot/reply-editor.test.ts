import { describe, expect, it } from 'vitest';
import { MessageGoneError, type OutgoingFile, type OutgoingMessage } from '../../src/discord/delivery/messenger.js';
import { ReplyEditor, type View } from '../../src/discord/delivery/reply-editor.js';
import { textDisplay } from '../../src/discord/messages/layout.js';
import { textsOf } from '../../src/local-discord/message-components.js';

/** A message in Discord whose edits stay under way until a test lets them through. */
class SlowMessage {
  readonly edits: string[] = [];
  readonly errors: unknown[] = [];
  #release: (error?: unknown) => void = () => {};
  #begun: () => void = () => {};
  /** Settles when the next edit has begun. */
  begun = this.#next();
  readonly editor = new ReplyEditor(
    (message) => this.#edit(message),
    (error) => this.errors.push(error),
  );

  /** Lets the edit that is under way succeed, or fail with an error. */
  release(error?: unknown): void {
    this.begun = this.#next();
    this.#release(error);
  }

  #next() {
    return new Promise<void>((resolve) => {
      this.#begun = resolve;
    });
  }

  #edit({ components, files = [] }: OutgoingMessage): Promise<void> {
    const text = textsOf({ content: '', embeds: [], components }).join('\n');
    this.edits.push(files.length > 0 ? `${text} + ${files.length}` : text);
    const done = new Promise<void>((resolve, reject) => {
      this.#release = (error) => (error === undefined ? resolve() : reject(error));
    });
    this.#begun();
    return done;
  }
}

const preview: OutgoingFile = { name: 'preview.jpg', bytes: Uint8Array.of(1), description: '' };

const view = (text: string, { files = [], ...more }: Partial<View> & Partial<View['message']> = {}): View => ({
  key: text,
  gapMs: 0,
  message: { components: [textDisplay(text)], files },
  ...more,
});

describe('an edited reply', () => {
  it('comes to the latest view, without those in between, one edit at a time', async () => {
    const message = new SlowMessage();
    message.editor.show(view('1'));
    await message.begun;
    for (const content of ['2', '3', '4']) message.editor.show(view(content));
    expect(message.edits).toEqual(['1']);
    message.release();
    await message.begun;
    expect(message.edits).toEqual(['1', '4']);
    message.release();
    await message.editor.finish();
    expect(message.edits).toEqual(['1', '4']);
  });

  it('is not edited for what is no news', async () => {
    const message = new SlowMessage();
    message.editor.show(view('1'));
    await message.begun;
    message.editor.show(view('the same in other words', { key: '1' }));
    message.release();
    await message.editor.finish();
    expect(message.edits).toEqual(['1']);
  });

  it('has a picture sent once, and again where that may have failed', async () => {
    const message = new SlowMessage();
    const outcomes = [new Error('cut'), new Error('503'), undefined, undefined];
    for (const [index, outcome] of outcomes.entries()) {
      message.editor.show(view(String(index), { files: [preview] }));
      await message.begun;
      message.release(outcome);
    }
    await message.editor.finish();
    expect(message.edits).toEqual(['0 + 1', '1 + 1', '2 + 1', '3']);
  });

  it('finishes once nothing is on its way, and shows nothing afterwards', async () => {
    const message = new SlowMessage();
    message.editor.show(view('1'));
    await message.begun;
    let finished = false;
    const finishing = message.editor.finish().then(() => {
      finished = true;
    });
    message.editor.show(view('2'));
    await Promise.resolve();
    expect(finished).toBe(false);
    message.release();
    await finishing;
    expect(message.edits).toEqual(['1']);
  });

  it('does not wait for a gap to end once it is finished, or once something more urgent is to be shown', async () => {
    const message = new SlowMessage();
    message.editor.show(view('1'));
    await message.begun;
    message.editor.show(view('an hour later', { gapMs: 3_600_000 }));
    message.release();
    message.editor.show(view('2'));
    await message.begun;
    expect(message.edits).toEqual(['1', '2']);
    message.editor.show(view('an hour later', { gapMs: 3_600_000 }));
    message.release();
    await message.editor.finish();
    expect(message.edits).toEqual(['1', '2']);
  });

  it('goes on after an edit that failed, and ends where the message is gone', async () => {
    const message = new SlowMessage();
    message.editor.show(view('1'));
    await message.begun;
    message.editor.show(view('2'));
    message.release(new Error('503'));
    await message.begun;
    message.editor.show(view('3'));
    message.release(new MessageGoneError('gone'));
    await message.editor.finish();
    message.editor.show(view('4'));
    expect(message.edits).toEqual(['1', '2']);
    expect(message.errors).toHaveLength(2);
  });
});
