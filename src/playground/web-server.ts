import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { z } from 'zod';
import { CodedError } from '../coded-error.js';
import { isOfCdn, serveFile } from '../local-discord/cdn.js';
import { defaultAttachmentSizeLimit } from '../local-discord/guild.js';
import { type Target, targetOf } from '../local-discord/request.js';
import { actSchema } from './act-schema.js';
import {
  foreignness,
  inUrl,
  isGuestPass,
  isLoopback,
  isSame,
  type Keys,
  namesOfThisMachine,
  newGuestPass,
  newKeys,
} from './gatekeeper.js';
import type { PageFile } from './page-files.js';
import type { Playground, Viewer } from './playground.js';
import { examplePath, isExampleName } from './town.js';
import { onDiscord } from './view.js';
import { type PageEvent, troubles } from './wire.js';

export interface WebServerOptions {
  readonly host: string;
  /** The port to listen on; 0 for any that is free. */
  readonly port: number;
  readonly page: ReadonlyMap<string, PageFile>;
}

/** The playground's server for browsers. */
export interface WebServer {
  /** The address for the owner, and the one for guests where there can be any. */
  readonly address: string;
  readonly guestAddress: string | undefined;
  close(): Promise<void>;
}

const mostJsonBytes = 256 * 1024;
const heartbeatMs = 15_000;
/** Everybody in the list of people is somebody whom the bot may have to answer. */
const mostGuests = 100;
const wholeAct = z.object({ person: z.string(), act: actSchema });
const wholeTrouble = z.object({ trouble: z.enum(troubles) });

/** Headers of every answer: nothing comes from elsewhere, and the page shows up in no other. */
const headers = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' blob:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
} as const;

/** Thrown where a request is answered with a status and a sentence. */
class Refusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/**
 * Serves the page and what it asks for. On the loopback address whoever can reach it is the owner; elsewhere only those
 * are answered who come with one of two random keys.
 * @throws CodedError `config/cannot-listen` where it can't listen at that address and port.
 */
export async function serveBrowsers(playground: Playground, options: WebServerOptions): Promise<WebServer> {
  const keys = isLoopback(options.host) ? undefined : newKeys();
  const desk = new FrontDesk(playground, options, keys);
  const server = createServer((request, response) => void desk.handle(request, response));
  await listen(server, options);
  const { port } = server.address() as AddressInfo;
  desk.port = port;
  const shownHost = options.host === '0.0.0.0' || options.host === '::' ? addressForOthers() : options.host;
  const origin = `http://${inUrl(shownHost)}:${port}/`;
  return {
    address: keys ? `${origin}?key=${keys.owner}` : origin,
    guestAddress: keys && `${origin}?key=${keys.guest}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Returns an address by which other machines find this one; the loopback address where it has no other. */
function addressForOthers(): string {
  const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  return addresses.find(({ internal, family }) => !internal && family === 'IPv4')?.address ?? '127.0.0.1';
}

function listen(server: Server, { host, port }: WebServerOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const sentence =
        error.code === 'EADDRINUSE'
          ? `Port ${port} is in use. Choose another with --port, or leave it out for any that is free.`
          : error.code === 'EACCES'
            ? `Port ${port} is for administrators only. Choose one above 1023 with --port, or leave it out.`
            : `${host} is no address of this machine. Choose one that is with --host: 0.0.0.0 stands for all of them.`;
      reject(new CodedError('config', 'cannot-listen', sentence, { cause: error }));
    });
    server.listen({ host, port, exclusive: true }, resolve);
  });
}

/** Looks at who asks, and answers. */
class FrontDesk {
  port = 0;
  readonly #playground: Playground;
  readonly #page: ReadonlyMap<string, PageFile>;
  readonly #names: ReadonlySet<string>;
  readonly #keys: Keys | undefined;
  readonly #owner: Viewer;
  readonly #guests = new Map<string, Viewer>();

  constructor(playground: Playground, { host, page }: WebServerOptions, keys: Keys | undefined) {
    this.#playground = playground;
    this.#page = page;
    this.#names = namesOfThisMachine(host);
    this.#keys = keys;
    this.#owner = playground.newViewer(true);
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    try {
      const foreign = foreignness(request, this.#names, this.port);
      if (foreign !== undefined) throw new Refusal(403, foreign);
      const target = targetOf(request);
      if (target && this.#admits(target.url, response)) return;
      const viewer = this.#viewer(request);
      if (!viewer) throw new Refusal(403, 'This playground opens with the key in the address that it has printed.');
      if (!target) throw new Refusal(400, 'That is no path.');
      if (request.method === 'GET' || request.method === 'HEAD') await this.#show(target, viewer, request, response);
      else if (request.method === 'POST') sendJson(response, 200, await this.#take(target.url, viewer, request));
      else throw new Refusal(405, 'There is nothing to be done in this way.');
    } catch (error) {
      if (!(error instanceof Refusal)) process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
      if (response.headersSent) return void response.destroy();
      const [status, message] =
        error instanceof Refusal ? [error.status, error.message] : [500, 'The playground failed.'];
      // What is left of a body that was refused is not read, so the connection is of no more use.
      if (!request.complete) response.setHeader('connection', 'close');
      sendJson(response, status, { message });
    }
  }

  /** Lets somebody in who comes with a key, by a cookie; returns whether the request is answered by that. */
  #admits(url: URL, response: ServerResponse): boolean {
    const given = url.pathname === '/' ? url.searchParams.get('key') : null;
    if (!this.#keys || given === null) return false;
    const isOwner = isSame(given, this.#keys.owner);
    if (!isOwner && !isSame(given, this.#keys.guest)) return false;
    const pass = isOwner ? this.#keys.owner : newGuestPass(this.#keys);
    const cookie = `${this.#cookieName}=${pass}; HttpOnly; SameSite=Strict; Path=/`;
    response.writeHead(303, { location: '/', 'set-cookie': cookie, 'cache-control': 'no-store' }).end();
    return true;
  }

  #viewer(request: IncomingMessage): Viewer | undefined {
    if (!this.#keys) return this.#owner;
    const cookies = (request.headers.cookie ?? '').split(';').map((cookie) => cookie.trim());
    const prefix = `${this.#cookieName}=`;
    const pass = cookies.find((cookie) => cookie.startsWith(prefix))?.slice(prefix.length);
    if (pass === undefined) return undefined;
    return isSame(pass, this.#keys.owner) ? this.#owner : this.#guest(pass, this.#keys);
  }

  /** Returns the guest with a pass, who joins once they come with it: what only looks at links never does. */
  #guest(pass: string, keys: Keys): Viewer | undefined {
    if (!isGuestPass(pass, keys)) return undefined;
    const known = this.#guests.get(pass);
    if (known) return known;
    if (this.#guests.size >= mostGuests)
      throw new Refusal(503, 'This playground is full. Ask its owner to open it anew.');
    const guest = this.#playground.newViewer(false);
    this.#guests.set(pass, guest);
    return guest;
  }

  /** Cookies are shared among all ports of a machine, so each playground has a name of its own for its own. */
  get #cookieName(): string {
    return `playground-${this.port}`;
  }

  async #show(target: Target, viewer: Viewer, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { url, path } = target;
    const { pathname } = url;
    if (pathname === '/events') return this.#stream(viewer, request, response);
    const file = this.#page.get(pathname);
    if (file) {
      // Names of assets carry a digest of what is in them; the page itself keeps its name.
      const caching = pathname === '/' ? 'no-cache' : 'max-age=31536000, immutable';
      const { bytes, contentType } = file;
      response.writeHead(200, { 'content-type': contentType, 'cache-control': caching }).end(bytes);
    } else if (isOfCdn(pathname)) {
      await this.#sendFile(path, url, response);
    } else {
      const name = pathname.startsWith('/examples/') ? pathname.slice('/examples/'.length) : '';
      if (!isExampleName(name)) throw new Refusal(404, 'There is nothing here.');
      const contentType = name.endsWith('.png') ? 'image/png' : 'image/jpeg';
      response.writeHead(200, { 'content-type': contentType }).end(await readFile(examplePath(name)));
    }
  }

  /** Sends a file of the local Discord's CDN. Pages are shown the files of all times, whatever their signature says. */
  async #sendFile(path: string, url: URL, response: ServerResponse): Promise<void> {
    const { world } = this.#playground.discord;
    if (!path.includes('attachments/')) return serveFile(world, path, url.searchParams, response, undefined);
    const file = world.files.byPath(path);
    if (!file) throw new Refusal(404, 'There is no such file.');
    const isPicture = file.contentType?.startsWith('image/') ?? false;
    response.writeHead(200, {
      'content-type': isPicture ? file.contentType : 'application/octet-stream',
      'content-disposition': isPicture ? 'inline' : 'attachment',
      // A drawing in SVG may have scripts in it.
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
      'cache-control': 'private, max-age=31536000, immutable',
    });
    response.end(file.bytes);
  }

  #stream(viewer: Viewer, request: IncomingMessage, response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    const send = (event: PageEvent) => response.write(`data: ${JSON.stringify(event)}\n\n`);
    response.write('retry: 1000\n\n');
    const stop = this.#playground.listen(viewer, send);
    const heartbeat = setInterval(() => response.write(': \n\n'), heartbeatMs);
    request.once('close', () => {
      clearInterval(heartbeat);
      stop();
    });
  }

  async #take(url: URL, viewer: Viewer, request: IncomingMessage): Promise<object> {
    if (url.pathname === '/uploads') return this.#takeFile(url, request);
    const body = await jsonBody(request);
    if (url.pathname === '/acts') {
      const sent = onDiscord(this.#playground.discord, `http://${request.headers.host?.toLowerCase()}`, body);
      const { person, act } = understood(wholeAct, sent);
      return this.#playground.act(viewer, person, act);
    }
    if (!viewer.isOwner) throw new Refusal(403, 'This is for the owner of the playground.');
    switch (url.pathname) {
      case '/trouble':
        this.#playground.cause(understood(wholeTrouble, body).trouble);
        return {};
      case '/anew':
        await this.#playground.startAnew();
        return {};
      case '/bot':
        await this.#playground.bot.tryAgain();
        return {};
      default:
        throw new Refusal(404, 'There is nothing here.');
    }
  }

  async #takeFile(url: URL, request: IncomingMessage): Promise<object> {
    const name = url.searchParams.get('name') ?? '';
    if (name === '' || name.length > 260) throw new Refusal(400, 'A file needs a name.');
    if (request.headers['content-type'] !== 'application/octet-stream')
      throw new Refusal(415, 'Files are sent as bytes.');
    const bytes = await bodyWithin(request, defaultAttachmentSizeLimit);
    return { upload: this.#playground.uploads.add({ bytes, name }) };
  }
}

async function jsonBody(request: IncomingMessage): Promise<unknown> {
  if (request.headers['content-type'] !== 'application/json') throw new Refusal(415, 'Acts are sent as JSON.');
  const bytes = await bodyWithin(request, mostJsonBytes);
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    throw new Refusal(400, 'That is no JSON.');
  }
}

function understood<Shape>(schema: z.ZodType<Shape>, body: unknown): Shape {
  const { success, data, error } = schema.safeParse(body);
  if (!success) throw new Refusal(400, `That can't be understood: ${z.prettifyError(error)}`);
  return data;
}

/** Reads a body. @throws Refusal 413 for one that is too long, without reading the rest of it. */
async function bodyWithin(request: IncomingMessage, mostBytes: number): Promise<Buffer> {
  const tooLarge = new Refusal(413, 'Your files are too powerful.');
  if (Number(request.headers['content-length'] ?? 0) > mostBytes) throw tooLarge;
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    length += chunk.byteLength;
    if (length > mostBytes) throw tooLarge;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function sendJson(response: ServerResponse, status: number, value: object): void {
  response
    .writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' })
    .end(JSON.stringify(value));
}
