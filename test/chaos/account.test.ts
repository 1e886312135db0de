import { describe, expect, it } from 'vitest';
import { english } from '../../src/discord/texts/english.js';
import type { StoredFile } from '../../src/local-discord/file-store.js';
import type { MessageEdit } from '../../src/local-discord/message.js';
import { accountOf, type Evidence } from './account.js';

const cancel = {
  type: 1,
  components: [{ type: 2, style: 2, label: 'Cancel', custom_id: 'cancel:0123456789abcdef0123' }],
};

function edit(content: string, { components = [], files = [] }: Partial<MessageEdit> = {}): MessageEdit {
  return { at: 0, content, embeds: [], components, files };
}

const file = (name: string, text: string, size = { width: 64, height: 48 }): StoredFile => ({
  id: '1',
  name,
  path: `/${name}`,
  spoiler: false,
  isEphemeral: false,
  bytes: Buffer.from(text),
  ...size,
});

const accepted = edit('Fetching your picture…', { components: [cancel] as unknown as MessageEdit['components'] });
const painted = (text = 'ice') => edit('**Ice**', { files: [file('whitewalker-result.png', text)] });
const failed = edit('Your picture could not be fetched.');
const cancelled = edit(english.job.cancelled.owner);

const account = (messages: readonly (readonly MessageEdit[])[], more: Partial<Evidence> = {}) =>
  accountOf({
    messages: messages.map((edits) => ({ edits: [...edits], isDeleted: false })),
    hasFailed: false,
    isCancelAsked: false,
    isGivenUp: false,
    calls: 0,
    ...more,
  });

describe('the account of an order', () => {
  it.each([
    ['no answer', [], { hasFailed: true }, 'unheard'],
    ['a refusal', [[edit('The queue is full.')]], {}, 'refused'],
    ['a result', [[accepted, painted()]], {}, 'delivered'],
    ['the same result, written twice', [[accepted, painted(), painted()]], {}, 'delivered'],
    ['a failure', [[accepted, failed]], {}, 'failed'],
    ['a cancellation', [[accepted, cancelled]], { isCancelAsked: true }, 'cancelled'],
  ] as const)('finds nothing wrong with %s', (_what, messages, more, fate) => {
    expect(account(messages, more)).toMatchObject({ fate, doubled: [], wrong: [] });
  });

  it.each([
    ['nothing more is said', [[accepted]]],
    ['it was to go on later', [[accepted, edit(english.job.suspended())]]],
  ])('is open, and so lost in the end, where %s', (_what, messages) => {
    expect(account(messages).fate).toBe('waiting');
  });

  it.each([
    ['two results in one message', [[accepted, painted('ice'), painted('fire')]]],
    ['a failure after a result', [[accepted, painted(), failed]]],
    ['a result in two messages', [[accepted, painted()], [painted()]]],
    ['progress after a result', [[accepted, painted(), edit(english.job.suspended(), { files: painted().files })]]],
  ])('is doubled by %s', (_what, messages) => {
    expect(account(messages).doubled).toHaveLength(1);
  });

  it('is doubled by a second call', () => {
    expect(account([[accepted, painted()]], { calls: 2 }).doubled).toHaveLength(1);
  });

  it('is wrong where the picture is another one, or none, and where nobody has cancelled', () => {
    expect(account([[accepted, painted()]], { aspect: 0.9 }).wrong).toHaveLength(1);
    const broken = edit('**Ice**', { files: [{ ...file('whitewalker-result.png', ''), width: undefined }] });
    expect(account([[accepted, broken]]).wrong).toHaveLength(1);
    expect(account([[accepted, cancelled]]).wrong).toHaveLength(1);
  });
});
