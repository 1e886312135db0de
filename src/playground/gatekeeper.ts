import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { hostname, networkInterfaces } from 'node:os';

/** Random keys in the addresses that are printed: whoever has one is let in, as the owner or as a guest. */
export interface Keys {
  readonly owner: string;
  readonly guest: string;
}

export function newKeys(): Keys {
  const key = () => randomBytes(24).toString('base64url');
  return { owner: key(), guest: key() };
}

/** Returns a guest's pass: random, and signed with the guests' key, so that it need not be remembered until it is used. */
export function newGuestPass(keys: Keys): string {
  return signed(randomBytes(18).toString('base64url'), keys);
}

export function isGuestPass(pass: string, keys: Keys): boolean {
  const [id = ''] = pass.split('.', 1);
  return isSame(pass, signed(id, keys));
}

function signed(id: string, { guest }: Keys): string {
  return `${id}.${createHmac('sha256', guest).update(id).digest('base64url')}`;
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/** Returns the names of this machine that pages may be asked for by, as `Host` has them, without a port. */
export function namesOfThisMachine(host: string): ReadonlySet<string> {
  const loopback = ['localhost', '127.0.0.1', '[::1]'];
  if (isLoopback(host)) return new Set(loopback);
  const isAnywhere = host === '0.0.0.0' || host === '::';
  const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  const everywhere = [hostname().toLowerCase(), ...addresses.map(({ address }) => inUrl(address))];
  return new Set([...loopback, ...(isAnywhere ? everywhere : [inUrl(host.toLowerCase())])]);
}

/** Returns an address as it stands in URLs: IPv6 in brackets. */
export function inUrl(address: string): string {
  return address.includes(':') ? `[${address.split('%')[0]}]` : address;
}

/**
 * Returns why a request is refused that another page makes a visitor's browser send, or that comes by another name;
 * undefined where all is well. Names are checked because a foreign name can be made to lead here (DNS rebinding).
 */
export function foreignness(request: IncomingMessage, names: ReadonlySet<string>, port: number): string | undefined {
  const { host = '', origin, 'sec-fetch-site': site, 'sec-fetch-mode': mode } = request.headers;
  const [, name = '', asked = '80'] = /^(.*?)(?::(\d+))?$/.exec(host.toLowerCase()) ?? [];
  if (!names.has(name) || Number(asked) !== port) return 'The playground is not known by this name.';
  const isReading = request.method === 'GET' || request.method === 'HEAD';
  if (origin === undefined ? !isReading : origin.toLowerCase() !== `http://${host.toLowerCase()}`) {
    return 'The playground answers its own page only.';
  }
  // Links from elsewhere may lead to the page; its other addresses are of no use to other pages.
  const isForeign = site === 'cross-site' || site === 'same-site';
  const isLink = mode === 'navigate' && isReading && request.url?.split(/[?#]/, 1)[0] === '/';
  return isForeign && !isLink ? 'The playground answers its own page only.' : undefined;
}

/** Compares a key with the right one in a time that tells nothing about it. */
export function isSame(given: string, right: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(right)];
  return one.byteLength === other.byteLength && timingSafeEqual(one, other);
}
