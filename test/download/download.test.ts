import { once } from 'node:events';
import type { IncomingHttpHeaders, RequestListener, ServerResponse } from 'node:http';
import { inspect } from 'node:util';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { type CodedError, isCoded } from '../../src/coded-error.js';
import { type DownloadOptions, download } from '../../src/download/download.js';
import { defaultOrigins } from '../../src/download/origins.js';
import { formerOrigin, serve } from './local-server.js';

const picture = Buffer.from('not really a picture');
/** Query of a signed address: what follows the question mark is secret, and must not get anywhere. */
const query = '?ex=6500&hm=secret';

/** Downloads a picture from a server that answers by `answer`, which is the only origin that is allowed. */
async function downloadFrom(answer: RequestListener, options: Partial<DownloadOptions> = {}): Promise<Uint8Array> {
  const origin = await serve(answer);
  return download(`${origin}/picture.png${query}`, {
    origins: [origin],
    maxBytes: 1000,
    timeoutMs: 30_000,
    ...options,
  });
}

/** Returns the error that a download fails with, and expects that it does not show the secret query. */
async function failure(downloading: Promise<Uint8Array>): Promise<CodedError> {
  const error = await downloading.then(
    (bytes) => expect.unreachable(`${bytes.length} bytes came`),
    (error: unknown) => error,
  );
  if (!isCoded(error, 'download')) throw error;
  expect(inspect(error, { depth: 10, showHidden: true })).not.toContain('secret');
  return error;
}

/** Answers requests by each function in turn, and all further ones by the last; counts the requests. */
function inTurn(...answers: readonly RequestListener[]) {
  const requests = { count: 0 };
  const answer: RequestListener = (request, response) => {
    const next = answers[Math.min(requests.count++, answers.length - 1)];
    next?.(request, response);
  };
  return { requests, answer };
}

const send: RequestListener = (_request, response) => response.end(picture);
const reset: RequestListener = (request) => request.socket.destroy();
function status(code: number, headers: Record<string, string> = {}): RequestListener {
  return (_request, response) => response.writeHead(code, headers).end('secret');
}

describe('a download', () => {
  it('is what the server sends, be it nothing', async () => {
    expect(Buffer.from(await downloadFrom(send))).toEqual(picture);
    expect(await downloadFrom((_request, response) => response.end())).toHaveLength(0);
    expect(await downloadFrom(status(204))).toHaveLength(0);
  });

  it('takes exactly as many bytes as it may', async () => {
    expect(await downloadFrom(send, { maxBytes: picture.length })).toHaveLength(picture.length);
    expect(await failure(downloadFrom(send, { maxBytes: picture.length - 1 }))).toMatchObject({
      code: 'too-many-bytes',
    });
  });

  it('asks for the signed address as it is, with nothing that could identify anybody', async () => {
    const seen: { url: string | undefined; headers: IncomingHttpHeaders }[] = [];
    const origin = await serve(({ url, headers }, response) => {
      seen.push({ url, headers });
      response.setHeader('set-cookie', 'visitor=7').end(picture);
    });
    const address = `${origin}/a%20b/picture.png${query}`;
    for (let time = 0; time < 2; time++) {
      await download(address, { origins: [origin], maxBytes: 1000, timeoutMs: 30_000 });
    }
    for (const { url, headers } of seen) {
      expect(url).toBe(`/a%20b/picture.png${query}`);
      expect(headers).toMatchObject({ 'user-agent': 'whitewalker', 'accept-encoding': 'identity' });
      for (const name of ['cookie', 'authorization', 'referer', 'origin']) expect(headers).not.toHaveProperty(name);
    }
    expect(seen).toHaveLength(2);
  });

  describe('is not allowed', () => {
    it.each([
      ['http://cdn.discordapp.com/a?hm=secret', 'cdn.discordapp.com'],
      ['https://cdn.discordapp.com@evil.example/a?hm=secret', 'evil.example'],
      ['https://user:secret@cdn.discordapp.com/a', 'cdn.discordapp.com'],
      ['https://cdn.discordapp.com:8443/a', 'cdn.discordapp.com:8443'],
    ])('from %s', async (address, host) => {
      const error = await failure(download(address, { origins: defaultOrigins, maxBytes: 1, timeoutMs: 30_000 }));
      expect(error).toMatchObject({ code: 'not-allowed', context: { host } });
    });

    it.each(['data:,secret', 'secret', ''])('from what has no host: "%s"', async (address) => {
      const error = await failure(download(address, { origins: defaultOrigins, maxBytes: 1, timeoutMs: 30_000 }));
      expect(error).toMatchObject({ code: 'not-allowed', context: {} });
    });

    it('where a redirect leads elsewhere, which is not asked', async () => {
      const elsewhere = inTurn(send);
      const target = await serve(elsewhere.answer);
      const error = await failure(downloadFrom(status(302, { location: `${target}/?hm=secret` })));
      expect(error).toMatchObject({ code: 'not-allowed', context: { host: new URL(target).host } });
      expect(elsewhere.requests.count).toBe(0);
    });

    it.each(['file:///etc/passwd', 'data:,secret', '//user:secret@127.0.0.1/', 'http://[broken'])(
      'where a redirect leads to %s',
      async (location) => {
        expect(await failure(downloadFrom(status(307, { location })))).toMatchObject({ code: 'not-allowed' });
      },
    );
  });

  describe('follows redirects', () => {
    it('within an origin and to others that are allowed', async () => {
      const other = await serve(send);
      const paths: (string | undefined)[] = [];
      const first = await serve(({ url }, response) => {
        paths.push(url);
        response.writeHead(301, { location: url === '/a' ? 'b?c=d' : `${other}/e` }).end();
      });
      const bytes = await download(`${first}/a`, { origins: [first, other], maxBytes: 1000, timeoutMs: 30_000 });
      expect(Buffer.from(bytes)).toEqual(picture);
      expect(paths).toEqual(['/a', '/b?c=d']);
    });

    it('three times and not more often', async () => {
      const again = status(302, { location: '/again' });
      expect(await downloadFrom(inTurn(again, again, again, send).answer)).toHaveLength(picture.length);
      const loop = inTurn(again);
      expect(await failure(downloadFrom(loop.answer))).toMatchObject({ code: 'unavailable' });
      expect(loop.requests.count).toBe(4);
    });

    it('but not to nowhere', async () => {
      const error = await failure(downloadFrom(status(302)));
      expect(error).toMatchObject({ code: 'unavailable', context: { status: 302 } });
    });
  });

  describe('has too many bytes', () => {
    const tooMany = { code: 'too-many-bytes', context: { maxBytes: 3_000_000, maxMegabytes: 2.8 } };

    it('by its header, before anything of it came', async () => {
      const answer: RequestListener = (_request, response) => {
        response.writeHead(200, { 'content-length': '3000001' }).flushHeaders();
      };
      expect(await failure(downloadFrom(answer, { maxBytes: 3_000_000 }))).toMatchObject(tooMany);
    });

    it('when it does not end, and then closes the connection', async () => {
      const { promise: closed, answer } = closing((response) => {
        const chunk = Buffer.alloc(100_000);
        const flood = () => {
          while (!response.destroyed && response.write(chunk));
        };
        response.on('drain', flood);
        flood();
      });
      expect(await failure(downloadFrom(answer, { maxBytes: 3_000_000 }))).toMatchObject(tooMany);
      await closed;
    });

    it('when few bytes unpack to many', async () => {
      const bomb = gzipSync(Buffer.alloc(5_000_000));
      expect(bomb.length).toBeLessThan(10_000);
      const answer: RequestListener = (_request, response) =>
        response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': bomb.length }).end(bomb);
      expect(await failure(downloadFrom(answer, { maxBytes: 3_000_000 }))).toMatchObject(tooMany);
    });
  });

  it.each([403, 404, 410])('is not found at status %d, for good', async (code) => {
    const { requests, answer } = inTurn(status(code));
    expect(await failure(downloadFrom(answer))).toMatchObject({ code: 'not-found', context: { status: code } });
    expect(requests.count).toBe(1);
  });

  it.each([304, 400, 401, 451])('is unavailable at status %d, for good', async (code) => {
    const { requests, answer } = inTurn(status(code));
    expect(await failure(downloadFrom(answer))).toMatchObject({ code: 'unavailable', context: { status: code } });
    expect(requests.count).toBe(1);
  });

  describe('is tried again', () => {
    it.each([
      ['the connection is reset', reset],
      ['the body breaks off', lying(picture.length + 1)],
      ['the server is overloaded', status(503, { 'retry-after': '0' })],
      ['there were too many requests', status(429, { 'retry-after': '0' })],
    ])('once where %s', async (_name, trouble) => {
      const { requests, answer } = inTurn(trouble, send);
      expect(Buffer.from(await downloadFrom(answer))).toEqual(picture);
      expect(requests.count).toBe(2);
    });

    it('twice and not more often', async () => {
      const { requests, answer } = inTurn(status(500, { 'retry-after': '0' }));
      expect(await failure(downloadFrom(answer))).toMatchObject({ code: 'unavailable', context: { status: 500 } });
      expect(requests.count).toBe(3);
    });

    it('not where the server wants more time than there is', async () => {
      const { requests, answer } = inTurn(status(429, { 'retry-after': '31' }), send);
      expect(await failure(downloadFrom(answer))).toMatchObject({ code: 'unavailable', context: { status: 429 } });
      expect(requests.count).toBe(1);
    });
  });

  it('is unavailable where nobody listens', async () => {
    const origin = await formerOrigin();
    const error = await failure(download(`${origin}/${query}`, { origins: [origin], maxBytes: 1, timeoutMs: 30_000 }));
    expect(error).toMatchObject({ code: 'unavailable', context: { host: new URL(origin).host } });
    expect(inspect(error.cause, { depth: 5 })).toContain('ECONNREFUSED');
  });

  it('stops where a header promised fewer bytes than come', async () => {
    expect(Buffer.from(await downloadFrom(lying(5)))).toEqual(picture.subarray(0, 5));
  });

  describe('takes too long', () => {
    const late = { code: 'timeout' };

    it('where nothing is answered', async () => {
      const { promise: closed, answer } = closing(() => {});
      expect(await failure(downloadFrom(answer, { timeoutMs: 400 }))).toMatchObject(late);
      await closed;
    });

    it('where a body drips', async () => {
      const { promise: closed, answer } = closing((response) => {
        const drip = setInterval(() => response.write('.'), 10);
        response.on('close', () => clearInterval(drip));
      });
      expect(await failure(downloadFrom(answer, { timeoutMs: 400 }))).toMatchObject(late);
      await closed;
    });

    it('where attempts and redirects add up to it', async () => {
      const slow: RequestListener = (_request, response) => {
        setTimeout(() => response.writeHead(302, { location: '/again' }).end(), 150);
      };
      expect(await failure(downloadFrom(slow, { timeoutMs: 200 }))).toMatchObject(late);
    });
  });

  describe('is stopped by its signal', () => {
    it('before it begins', async () => {
      const { requests, answer } = inTurn(send);
      await expect(downloadFrom(answer, { signal: AbortSignal.abort('enough') })).rejects.toBe('enough');
      expect(requests.count).toBe(0);
    });

    it('in the middle of the body, which closes the connection', async () => {
      const controller = new AbortController();
      const { promise: closed, answer } = closing((response) => {
        response.write('.', () => controller.abort('enough'));
      });
      await expect(downloadFrom(answer, { signal: controller.signal })).rejects.toBe('enough');
      await closed;
    });

    it('while it waits for its next attempt', async () => {
      const controller = new AbortController();
      const { requests, answer } = inTurn((_request, response) => {
        response.writeHead(503, { 'retry-after': '20' }).flushHeaders();
        // The response is closed once its status and headers are read, because nobody wants its body.
        response.on('close', () => controller.abort('enough'));
      });
      await expect(downloadFrom(answer, { signal: controller.signal })).rejects.toBe('enough');
      expect(requests.count).toBe(1);
    });
  });
});

/** Sends the picture with a Content-Length that is not its own. */
function lying(contentLength: number): RequestListener {
  return ({ socket }) => {
    socket.end(`HTTP/1.1 200 OK\r\nContent-Length: ${contentLength}\r\nConnection: close\r\n\r\n${picture}`);
  };
}

/** Returns a listener that begins an answer by `begin`, and a promise that settles when the connection is closed. */
function closing(begin: (response: ServerResponse) => void) {
  let resolve = () => {};
  const promise = new Promise<void>((resolvePromise) => {
    resolve = resolvePromise;
  });
  const answer: RequestListener = (_request, response) => {
    void once(response, 'close').then(resolve);
    begin(response);
  };
  return { promise, answer };
}
