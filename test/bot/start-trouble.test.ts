import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startError } from '../../src/discord/start-trouble.js';

describe('where Discord can’t be reached, an operator is told why, and what to do', () => {
  /** Does what a test wants with each connection. */
  let handle: (socket: Socket) => void = () => {};
  const server = createServer((socket) => {
    socket.on('error', () => {});
    handle(socket);
  });
  let url: string;
  beforeAll(async () => {
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const address = server.address();
    url = typeof address === 'object' && address ? `http://127.0.0.1:${address.port}` : '';
  });
  afterAll(() => server.close());

  it.each<[string, (socket: Socket) => void, RegExp]>([
    ['the connection is reset', (socket) => socket.resetAndDestroy(), /ECONNRESET/],
    ['it is closed', (socket) => socket.once('data', () => socket.end()), /other side closed/],
    ['something else answers', (socket) => socket.end('SSH-2.0-OpenSSH\r\n'), /HTTP/],
  ])('%s', async (_what, how, reason) => {
    handle = how;
    const error = await fetch(url).then(
      () => expect.fail('There was an answer.'),
      (cause: unknown) => startError(cause),
    );
    expect(error).toMatchObject({ key: 'start/unreachable', message: expect.stringMatching(reason) });
    expect(error).toMatchObject({ message: expect.stringMatching(/Check the network.*start again in a while\.$/) });
  });

  it('no answer comes before discord.js gives the call up', () => {
    expect(startError(AbortSignal.abort().reason)).toMatchObject({
      key: 'start/unreachable',
      message: expect.stringMatching(/^Discord can't be reached: no answer came in time\. Check the network/),
    });
  });

  it('the connection breaks while a call is written, or its certificate is nobody’s', () => {
    for (const code of ['EPIPE', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE']) {
      const error = Object.assign(new Error(`${code} it is`), { code });
      expect(startError(error)).toMatchObject({ key: 'start/unreachable', message: expect.stringContaining(code) });
    }
  });

  it('but what is a mistake, or of Redis, stays what it is', () => {
    const ofRedis = Object.assign(new Error('Command aborted due to connection close'), { name: 'AbortError' });
    for (const error of [new TypeError('x is not a function'), ofRedis]) expect(startError(error)).toBe(error);
  });
});
