import dns from 'node:dns';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type CodedError, isCoded } from '../../src/coded-error.js';
import { download } from '../../src/download/download.js';
import { defaultOrigins } from '../../src/download/origins.js';
import { serve } from './local-server.js';

/** A server in the operator's network that must never be reached: it listens on both loopbacks, and counts requests. */
let canary: { port: number; asked: () => number; servers: Server[] };
beforeAll(async () => {
  let count = 0;
  const listen = async (host: string, port: number) => {
    const server = createServer((_request, response) => {
      count++;
      response.end('secret');
    });
    server.listen(port, host);
    await once(server, 'listening');
    return server;
  };
  const first = await listen('127.0.0.1', 0);
  const { port } = first.address() as AddressInfo;
  const second = await listen('::1', port).catch(() => undefined);
  canary = { port, asked: () => count, servers: second === undefined ? [first] : [first, second] };
});
afterAll(() => {
  for (const server of canary.servers) server.close();
});

const limits = { maxBytes: 1000, timeoutMs: 10_000 };

async function failure(downloading: Promise<Uint8Array>): Promise<CodedError> {
  const error = await downloading.then(
    () => expect.fail('something came'),
    (reason: unknown) => reason,
  );
  if (!isCoded(error, 'download')) throw error;
  return error;
}

/** Ways to write addresses within a network, or to make one look like Discord's; `PORT` is the canary's port. */
const hostile: readonly (readonly [what: string, address: string])[] = [
  ['the loopback', 'http://127.0.0.1:PORT/'],
  ['the loopback by https', 'https://127.0.0.1:PORT/'],
  ['another address of the loopback', 'http://127.8.9.10:PORT/'],
  ['the loopback’s name', 'http://localhost:PORT/'],
  ['the loopback’s name with a dot', 'http://localhost.:PORT/'],
  ['a name below it', 'http://picture.localhost:PORT/'],
  ['a decimal number', 'http://2130706433:PORT/'],
  ['a hexadecimal number', 'http://0x7f000001:PORT/'],
  ['an octal number', 'http://017700000001:PORT/'],
  ['octal parts', 'http://0177.0.0.01:PORT/'],
  ['hexadecimal parts', 'http://0x7f.0x0.0x0.0x1:PORT/'],
  ['parts left out', 'http://127.1:PORT/'],
  ['all addresses', 'http://0.0.0.0:PORT/'],
  ['all addresses in short', 'http://0:PORT/'],
  ['full-width digits', 'http://１２７.０.０.１:PORT/'],
  ['digits in circles', 'http://①②⑦.⓪.⓪.①:PORT/'],
  ['an escaped host', 'http://%31%32%37.0.0.1:PORT/'],
  ['IPv6’s loopback', 'http://[::1]:PORT/'],
  ['IPv6’s loopback at length', 'http://[0:0:0:0:0:0:0:1]:PORT/'],
  ['all addresses of IPv6', 'http://[::]:PORT/'],
  ['IPv4 in IPv6', 'http://[::ffff:127.0.0.1]:PORT/'],
  ['IPv4 in IPv6, hexadecimal', 'http://[::ffff:7f00:1]:PORT/'],
  ['IPv4 by NAT64', 'http://[64:ff9b::7f00:1]:PORT/'],
  ['a private network', 'http://10.0.0.1/'],
  ['another', 'http://192.168.0.1/'],
  ['a link-local address, as clouds keep secrets at', 'http://169.254.169.254/latest/meta-data/'],
  ['the same as a number', 'http://2852039166/'],
  ['the same in IPv6', 'http://[fd00:ec2::254]/'],
  ['Discord’s name as a user', 'http://cdn.discordapp.com@127.0.0.1:PORT/'],
  ['Discord’s name and port as user and password', 'https://cdn.discordapp.com:443@127.0.0.1:PORT/'],
  ['a user at Discord', 'https://user:password@cdn.discordapp.com/'],
  ['a backslash', 'http://127.0.0.1:PORT\\@cdn.discordapp.com/'],
  ['a fragment', 'http://127.0.0.1:PORT#@cdn.discordapp.com/'],
  ['a line break', 'http://127.0.0.1:PORT/\r\nHost: cdn.discordapp.com'],
  ['Discord’s name below another', 'https://cdn.discordapp.com.evil.example/'],
  ['a name that points inside', 'http://127.0.0.1.nip.io:PORT/'],
  ['another port of Discord', 'https://cdn.discordapp.com:8443/'],
  ['Discord without encryption', 'http://cdn.discordapp.com/'],
  ['Discord’s name with a dot', 'https://cdn.discordapp.com./'],
  ['a file', 'file:///etc/passwd'],
  ['a file elsewhere', 'file://127.0.0.1/etc/passwd'],
  ['data', 'data:image/png;base64,AAAA'],
  ['a blob', 'blob:https://cdn.discordapp.com/1'],
  ['FTP', 'ftp://cdn.discordapp.com/a'],
  ['Gopher', 'gopher://127.0.0.1:PORT/_GET'],
  ['script', 'javascript:alert(1)'],
  ['no scheme', '//cdn.discordapp.com/a'],
  ['a path', '/attachments/1/2/a.png'],
];

const withPort = (address: string) => address.replaceAll('PORT', String(canary.port));

describe('an address that leads elsewhere', () => {
  it.each(hostile)('is refused without being asked: %s', async (_what, address) => {
    const error = await failure(download(withPort(address), { origins: defaultOrigins, ...limits }));
    expect(error.code).toBe('not-allowed');
    expect(canary.asked()).toBe(0);
  });

  it.each(hostile.filter(([, address]) => !/^\/(?!\/)|\r/.test(address)))(
    'is refused where an allowed place redirects there: %s',
    async (_what, address) => {
      const location = encodeURI(withPort(address))
        .replaceAll('%25', '%')
        .replaceAll('%5B', '[')
        .replaceAll('%5D', ']');
      const origin = await serve((_request, response) => response.writeHead(302, { location }).end());
      const error = await failure(download(`${origin}/a`, { origins: [...defaultOrigins, origin], ...limits }));
      expect(error.code).toBe('not-allowed');
      expect(canary.asked()).toBe(0);
    },
  );
});

describe('a name that is allowed', () => {
  const { lookup } = dns;
  afterEach(() => {
    dns.lookup = lookup;
  });

  /** Makes every name resolve to this address from now on. */
  function rebind(address: string): void {
    dns.lookup = ((_name: string, options: dns.LookupOptions, done: (...results: unknown[]) => void) =>
      options.all ? done(null, [{ address, family: 4 }]) : done(null, address, 4)) as typeof dns.lookup;
  }

  it('brings nothing from within where its DNS says so suddenly: who answers there has no certificate for it', async () => {
    const inside = await serve((_request, response) => response.end('picture'));
    rebind('127.0.0.1');
    const origin = `https://cdn.example.org:${canary.port}`;
    const error = await failure(download(`${origin}/a`, { origins: [origin], ...limits }));
    expect(error.code).toBe('unavailable');
    expect(inspect(error.cause, { depth: 5 })).toContain('SSL');
    expect(canary.asked()).toBe(0);
    // A download over http, which an operator would have to allow, does come: it shows that the name led there.
    const byName = inside.replace('127.0.0.1', 'cdn.example.org');
    expect(await download(`${byName}/a`, { origins: [byName], ...limits })).toHaveLength(7);
  });
});
