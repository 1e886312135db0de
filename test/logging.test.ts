import { describe, expect, it } from 'vitest';
import { createLog } from '../src/logging.js';

/** Returns the line that is written when an error with these fields is logged. */
function logged(fields: object): string {
  let text = '';
  const log = createLog('trace', { write: (line: string) => (text += line) });
  log.error(fields, 'event');
  return text;
}

describe('the log', () => {
  it('tells of an error what helps, and none of what hangs on it', () => {
    const error = Object.assign(new Error('No such message', { cause: new TypeError('deeper') }), {
      code: 10008,
      status: 404,
      requestBody: { json: { content: 'private words' } },
    });
    const { err } = JSON.parse(logged({ err: error }));
    expect(err).toMatchObject({ type: 'Error', message: 'No such message', code: 10008, status: 404 });
    expect(err.cause).toMatchObject({ type: 'TypeError', message: 'deeper' });
    expect(JSON.stringify(err)).not.toContain('private words');
  });

  it.each([
    [
      'an interaction token',
      'PATCH https://discord.com/api/v10/webhooks/123/aW50ZXJhY3Rpb24.secret/messages/@original',
    ],
    ['a callback token', 'POST /interactions/123/aW50ZXJhY3Rpb24.secret/callback'],
    ['a signed address', 'https://cdn.discordapp.com/attachments/1/2/a.png?ex=66&is=secret&hm=secret'],
    ['the bot token', 'Bot MTE0NTU2Nzg5MDEyMzQ1Njc4.secret.abcdefghijklmnopqrstuvwxyz0'],
  ])('hides %s', (_what, text) => {
    const line = logged({ err: new Error(`Failed: ${text}`) });
    expect(line).toContain('Failed: ');
    expect(line).not.toContain('secret');
  });
});
