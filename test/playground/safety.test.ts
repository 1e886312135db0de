import { request as httpRequest, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http';
import { networkInterfaces } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RunningPlayground } from './running-playground.js';

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

interface Asked {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string | Buffer;
}

/** How browsers mark what a page asks for: where that page is, and what it is for. */
function fetchedBy(site: string, mode: string) {
  return { 'sec-fetch-site': site, 'sec-fetch-mode': mode };
}

/** Sends a request with exactly these headers, and reads the beginning of the answer: streams have no end. */
function ask(address: string, { method = 'GET', path = '/', headers = {}, body }: Asked): Promise<Answer> {
  const { hostname, port } = new URL(address);
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: hostname, port, method, path, headers }, (response) => {
      let text = '';
      const finish = () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
        request.destroy();
      };
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
        if (response.headers['content-type'] === 'text/event-stream' && text.includes('snapshot')) finish();
      });
      response.on('end', finish);
    });
    request.on('error', reject);
    request.end(body);
  });
}

const json = { 'content-type': 'application/json' };
const trouble = { method: 'POST', path: '/trouble', body: '{"trouble":"drop-gateway"}' };

describe('a playground on the loopback address', () => {
  let playground: RunningPlayground;
  let own: string;

  beforeAll(async () => {
    playground = await RunningPlayground.start();
    own = new URL(playground.address).host;
  });

  afterAll(async () => {
    await playground?.stop();
  });

  it.each<[string, (host: string, port: string) => Asked, number]>([
    ['the page by its own name', (host) => ({ headers: { host } }), 200],
    ['the page as localhost', (_, port) => ({ headers: { host: `localhost:${port}` } }), 200],
    ['the page by a link elsewhere', (host) => ({ headers: { host, ...fetchedBy('cross-site', 'navigate') } }), 200],
    ['the page by a name that leads here', (_, port) => ({ headers: { host: `evil.example:${port}` } }), 403],
    ['the page at another port', () => ({ headers: { host: '127.0.0.1:1' } }), 403],
    ['events for another page', (host) => ({ path: '/events', headers: { host, origin: 'http://evil.example' } }), 403],
    [
      'events as a picture',
      (host) => ({ path: '/events', headers: { host, ...fetchedBy('cross-site', 'no-cors') } }),
      403,
    ],
    [
      'events by a page at another port',
      (host) => ({ path: '/events', headers: { host, ...fetchedBy('same-site', 'cors') } }),
      403,
    ],
    [
      'events by the page itself',
      (host) => ({ path: '/events', headers: { host, ...fetchedBy('same-origin', 'cors') } }),
      200,
    ],
    [
      'trouble by the page itself',
      (host) => ({ ...trouble, headers: { host, origin: `http://${host}`, ...json } }),
      200,
    ],
    ['trouble by nobody', (host) => ({ ...trouble, headers: { host, ...json } }), 403],
    [
      'trouble by another page',
      (host) => ({ ...trouble, headers: { host, origin: 'http://evil.example', ...json } }),
      403,
    ],
    [
      'trouble by a page without an origin',
      (host) => ({ ...trouble, headers: { host, origin: 'null', ...json } }),
      403,
    ],
    [
      'trouble as a form',
      (host) => ({ ...trouble, headers: { host, origin: `http://${host}`, 'content-type': 'text/plain' } }),
      415,
    ],
    [
      'trouble by a preflight',
      (host) => ({ ...trouble, method: 'OPTIONS', headers: { host, origin: `http://${host}` } }),
      405,
    ],
    [
      'trouble that there is not',
      (host) => ({ ...trouble, body: '{"trouble":"fire"}', headers: { host, origin: `http://${host}`, ...json } }),
      400,
    ],
    ['a file outside of the page', (host) => ({ path: '/../../package.json', headers: { host } }), 404],
    ['two slashes', (host) => ({ path: '//', headers: { host } }), 404],
    ['a path that is none', (host) => ({ path: '*', headers: { host } }), 400],
    ['a path that is coded wrongly', (host) => ({ path: '/attachments/%E0%A4%A', headers: { host } }), 400],
    ['an example that is none', (host) => ({ path: '/examples/..%2fREADME.md', headers: { host } }), 404],
  ])('answers %s as it should', async (_, asked, status) => {
    const { port } = new URL(playground.address);
    expect((await ask(playground.address, asked(own, port))).status).toBe(status);
  });

  it('lets the page load nothing from elsewhere, run no script of its own text, and stand in no other page', async () => {
    const { headers } = await ask(playground.address, { headers: { host: own } });
    const policy = headers['content-security-policy'];
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect(headers['x-content-type-options']).toBe('nosniff');
  });

  it('refuses in words what Discord refuses, and who is not there', async () => {
    const { text } = await ask(playground.address, { path: '/events', headers: { host: own } });
    const { snapshot } = JSON.parse(text.match(/\{.*\}/)?.[0] ?? '');
    const posted = async (person: string, content: string) => {
      const act = { do: 'post', channel: snapshot.channels[0].id, content, files: [] };
      const headers = { host: own, origin: `http://${own}`, ...json };
      const body = JSON.stringify({ person, act });
      const answer = await ask(playground.address, { method: 'POST', path: '/acts', headers, body });
      return [answer.status, JSON.parse(answer.text)];
    };
    expect(await posted(snapshot.you, '')).toEqual([200, { kind: 'refused', why: expect.stringContaining('empty') }]);
    expect(await posted('123', 'Boo')).toEqual([200, { kind: 'refused', why: 'That person is not here' }]);
  });

  it('takes no file that is larger than Discord takes', async () => {
    const upload = { method: 'POST', path: '/uploads?name=a.png' };
    const headers = { host: own, origin: `http://${own}`, 'content-type': 'application/octet-stream' };
    const most = Buffer.alloc(10 * 2 ** 20);
    expect((await ask(playground.address, { ...upload, headers, body: most })).status).toBe(200);
    const announced = { ...headers, 'content-length': most.byteLength + 1 };
    expect((await ask(playground.address, { ...upload, headers: announced, body: 'x' })).status).toBe(413);
  });

  it('shows a file that is no picture as nothing but a download, and lets no drawing run scripts', async () => {
    const headers = { host: own, origin: `http://${own}` };
    const [snapshot] =
      (await ask(playground.address, { path: '/events', headers: { host: own } })).text.match(/\{.*\}/) ?? [];
    const { snapshot: state } = JSON.parse(snapshot ?? '');
    const send = async (name: string) => {
      const bytes = { ...headers, 'content-type': 'application/octet-stream' };
      const uploaded = await ask(playground.address, {
        method: 'POST',
        path: `/uploads?name=${name}`,
        headers: bytes,
        body: '<script>',
      });
      const act = { do: 'post', channel: state.channels[0].id, content: '', files: [JSON.parse(uploaded.text)] };
      const body = JSON.stringify({ person: state.you, act });
      await ask(playground.address, { method: 'POST', path: '/acts', headers: { ...headers, ...json }, body });
    };
    await send('page.html');
    await send('drawing.svg');
    const { text } = await ask(playground.address, { path: '/events', headers: { host: own } });
    const addresses = [...text.matchAll(/"url":"(\/attachments\/[^"]*(?:page\.html|drawing\.svg)[^"]*)"/g)].map(
      ([, url]) => url ?? '',
    );
    expect(addresses).toHaveLength(2);
    const [page, drawing] = await Promise.all(
      addresses.map((path) => ask(playground.address, { path, headers: { host: own } })),
    );
    expect(page?.headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-disposition': 'attachment',
    });
    expect(drawing?.headers['content-security-policy']).toContain('sandbox');
  });
});

describe('a playground for other machines', () => {
  let playground: RunningPlayground;
  let own: string;
  const key = (address: string) => new URL(address).searchParams.get('key') ?? '';

  beforeAll(async () => {
    playground = await RunningPlayground.start(['--host', '0.0.0.0']);
    own = new URL(playground.address).host;
  });

  afterAll(async () => {
    await playground?.stop();
  });

  /** Comes with a key, and returns the cookie that was given for it. */
  async function enter(given: string): Promise<string> {
    const { status, headers } = await ask(playground.address, { path: `/?key=${given}`, headers: { host: own } });
    expect(status).toBe(303);
    expect(headers['set-cookie']?.[0]).toMatch(/; HttpOnly; SameSite=Strict; Path=\/$/);
    return headers['set-cookie']?.[0]?.split(';')[0] ?? '';
  }

  it.each<Asked>([
    { path: '/' },
    { path: '/?key=' },
    { path: `/?key=${'x'.repeat(32)}` },
    { path: '/events' },
    { path: '/examples/astronaut.jpg' },
    { method: 'POST', path: '/acts', body: '{}' },
    { path: '/', headers: { cookie: 'playground-1=x' } },
    { path: '//' },
    { path: '*' },
  ])('answers nothing without the key: $method $path', async (asked) => {
    const headers = { host: own, origin: `http://${own}`, ...json, ...asked.headers };
    const { status, text } = await ask(playground.address, { ...asked, headers });
    expect(status).toBe(403);
    expect(text).toContain('key');
  });

  it('has another random key in each address, and each time', async () => {
    const [owner, guest] = [key(playground.address), key(playground.guestAddress)];
    expect(owner).toMatch(/^[\w-]{32}$/);
    expect(guest).toMatch(/^[\w-]{32}$/);
    expect(guest).not.toBe(owner);
  });

  it('keeps trouble, other people and requests for its owner', async () => {
    const [owner, guest] = [await enter(key(playground.address)), await enter(key(playground.guestAddress))];
    const asWhom = (cookie: string) => ({ host: own, origin: `http://${own}`, cookie, ...json });
    expect((await ask(playground.address, { ...trouble, headers: asWhom(owner) })).status).toBe(200);
    for (const path of ['/trouble', '/anew', '/bot']) {
      expect((await ask(playground.address, { ...trouble, path, headers: asWhom(guest) })).status).toBe(403);
    }
    const { text } = await ask(playground.address, { path: '/events', headers: asWhom(guest) });
    const [found = ''] = text.match(/\{.*\}/) ?? [];
    const { snapshot } = JSON.parse(found);
    expect(snapshot).toMatchObject({ isOwner: false, requests: [] });
    const you = snapshot.people.find(({ id }: { id: string }) => id === snapshot.you);
    expect(you.name).toBe('Guest 1');
    // A guest who says to be somebody else writes as themselves.
    const other = snapshot.people.find(({ name }: { name: string }) => name === 'Maud');
    const act = { do: 'post', channel: snapshot.channels[0].id, content: 'It is me, Maud', files: [] };
    const body = JSON.stringify({ person: other.id, act });
    await ask(playground.address, { method: 'POST', path: '/acts', headers: asWhom(guest), body });
    const now = await ask(playground.address, { path: '/events', headers: asWhom(owner) });
    const { snapshot: seen } = JSON.parse(now.text.match(/\{.*\}/)?.[0] ?? '');
    const message = seen.messages.find(({ body }: { body: { content: string } }) => body.content === 'It is me, Maud');
    expect(message.body.author.id).toBe(snapshot.you);
  });

  it('is joined by whom its link brings, not by what only looks at the link', async () => {
    const guestsSeenBy = async (cookie: string) => {
      const { text } = await ask(playground.address, { path: '/events', headers: { host: own, cookie } });
      const { snapshot } = JSON.parse(text.match(/\{.*\}/)?.[0] ?? '');
      return snapshot.people.filter(({ name }: { name: string }) => name.startsWith('Guest')).length;
    };
    const owner = await enter(key(playground.address));
    const before = await guestsSeenBy(owner);
    const [first] = [await enter(key(playground.guestAddress)), await enter(key(playground.guestAddress))];
    expect(await guestsSeenBy(owner)).toBe(before);
    expect([await guestsSeenBy(first), await guestsSeenBy(first)]).toEqual([before + 1, before + 1]);
    const forged = await ask(playground.address, { path: '/events', headers: { host: own, cookie: `${first}.x` } });
    expect(forged.status).toBe(403);
  });

  it('is known by the addresses of this machine, and by no other name', async () => {
    const { port } = new URL(playground.address);
    const cookie = await enter(key(playground.address));
    const [address] = Object.values(networkInterfaces())
      .flatMap((each) => each ?? [])
      .filter(({ family }) => family === 'IPv4');
    expect((await ask(playground.address, { headers: { host: `${address?.address}:${port}`, cookie } })).status).toBe(
      200,
    );
    expect((await ask(playground.address, { headers: { host: `evil.example:${port}`, cookie } })).status).toBe(403);
  });
});
