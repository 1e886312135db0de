import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PartialFile } from '../../../src/engine/weights/download/partial-file.js';
import {
  downloadResumably,
  type ResumableDownloadOptions,
} from '../../../src/engine/weights/download/resumable-download.js';
import { formerOrigin } from '../../download/local-server.js';
import { FileServer } from './file-server.js';

const size = 300_000;
const third = size / 3;
const content = Buffer.concat(
  Array.from({ length: size / 20 }, (_, at) => createHash('sha1').update(String(at)).digest()),
);
const changed = Buffer.from(content).reverse();

let folder: string;
let path: string;
let server: FileServer;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'whitewalker-download-'));
  path = join(folder, 'vgg19.h5.part');
  server = await FileServer.start();
});
afterEach(() => rm(folder, { recursive: true }));

/** Downloads the file without waiting between attempts. */
async function download(options: Partial<ResumableDownloadOptions> = {}) {
  return downloadResumably({
    address: `${server.origin}/vgg19.h5`,
    part: await PartialFile.open(path),
    bytes: size,
    signal: new AbortController().signal,
    patience: { pausesMs: [0, 0], stallMs: 5000 },
    onProgress: (received) => server.taken(received),
    ...options,
  });
}

async function errorOf(action: Promise<unknown>): Promise<unknown> {
  return action.then(
    () => expect.fail('it succeeded'),
    (error: unknown) => error,
  );
}

const isWhole = async () => (await readFile(path)).equals(content);

describe('a download', () => {
  it('comes whole, and is not asked for again once it is', async () => {
    server.file(content);
    expect(await download()).toEqual({ isPatched: false });
    expect(await isWhole()).toBe(true);
    await download();
    expect(server.requests).toHaveLength(1);
  });

  it('goes on where the connection broke, as long as each attempt brings something', async () => {
    const broken = { etag: '"1"', sendOnly: 10_000 };
    for (let time = 0; time < 5; time++) server.file(content, broken);
    server.file(content, { etag: '"1"' });
    expect(await download()).toEqual({ isPatched: true });
    expect(await isWhole()).toBe(true);
    expect(server.requests[1]).toMatchObject({ range: 'bytes=10000-', ifRange: '"1"' });
    expect(server.bytesSent).toBe(size);
  });

  it('goes on in another process', async () => {
    server.file(content, { etag: '"1"', sendOnly: third }).status(404).file(content, { etag: '"1"' });
    expect(await errorOf(download())).toMatchObject({ code: 'not-found' });
    expect((await PartialFile.open(path)).size).toBe(third);
    await download();
    expect(server.requests.at(-1)?.range).toBe(`bytes=${third}-`);
    expect(await isWhole()).toBe(true);
  });

  it('begins anew where the file has changed, or the server knows no ranges', async () => {
    server.file(changed, { etag: '"old"', sendOnly: third }).file(content, { etag: '"new"' });
    expect(await download()).toEqual({ isPatched: false });
    expect(await isWhole()).toBe(true);
    await rm(path);

    server.file(content, { etag: '"1"', sendOnly: third }).file(content, { etag: '"1"', ignoresRanges: true });
    await download();
    expect(await isWhole()).toBe(true);
  });

  it('goes on at another source, without that one’s ETag', async () => {
    server.file(content, { etag: '"1"', sendOnly: third }).status(410);
    await errorOf(download());
    const other = await FileServer.start();
    other.file(content, { etag: '"2"' });
    await download({ address: `${other.origin}/mirrored.h5` });
    expect(other.requests).toMatchObject([{ range: `bytes=${third}-`, ifRange: undefined, sent: size - third }]);
    expect(await isWhole()).toBe(true);
  });

  it('never puts a weak ETag into If-Range', async () => {
    server.file(content, { etag: 'W/"1"', sendOnly: third }).file(content, { etag: 'W/"1"' });
    await download();
    expect(server.requests[1]).toMatchObject({ range: `bytes=${third}-`, ifRange: undefined });
  });

  it('notices a body that ends early, also where no length was given', async () => {
    server.file(content, { isChunked: true, sendOnly: third, ending: 'end' }).file(content);
    await download();
    expect(server.requests[1]?.range).toBe(`bytes=${third}-`);
    expect(await isWhole()).toBe(true);
  });

  it('gives a connection up that brings nothing any more', async () => {
    server.file(content, { etag: '"1"', sendOnly: third, ending: 'hang' }).file(content, { etag: '"1"' });
    const retries: string[] = [];
    await download({
      // On a busy machine, others bring nothing for as long, too.
      patience: { pausesMs: Array(1000).fill(0), stallMs: 100 },
      onRetry: ({ code, message }) => retries.push(`${code}: ${message}`),
    });
    expect(new Set(retries)).toEqual(new Set(['cut-off: sent nothing for 0.1 s']));
    expect(await isWhole()).toBe(true);
  });

  it('waits as long as an overloaded server says, and gives up after a few attempts', async () => {
    server.status(503, { 'retry-after': '0' }).status(429).file(content);
    const pauses: number[] = [];
    await download({
      patience: { pausesMs: [3, 4], stallMs: 5000 },
      onRetry: (_, pauseMs) => pauses.push(pauseMs),
    });
    expect(pauses).toEqual([0, 4]);
    await rm(path);
    server.answers = [];
    server.status(500);
    expect(await errorOf(download())).toMatchObject({ code: 'unavailable' });
    expect(server.requests).toHaveLength(3 + 3);
    server.answers = [];
    server.status(503, { 'retry-after': '3600' });
    expect(await errorOf(download())).toMatchObject({ code: 'unavailable' });
    expect(server.requests).toHaveLength(7);
  });

  it.each([
    ['404', 'not-found', (server: FileServer) => server.status(404)],
    ['403', 'refused', (server: FileServer) => server.status(403)],
    [
      'a web page',
      'web-page',
      (server: FileServer) => server.file(Buffer.from('<html>'), { contentType: 'text/html' }),
    ],
    [
      'a web page that says it is none',
      'web-page',
      (server: FileServer) => server.file(Buffer.from(`\n<!doctype html>${' '.repeat(1000)}`), { isChunked: true }),
    ],
    ['another size', 'wrong-size', (server: FileServer) => server.file(content.subarray(1))],
    ['no end', 'wrong-size', (server: FileServer) => server.file(Buffer.alloc(size + 10), { isChunked: true })],
  ])('is refused at once, and leaves nothing: %s', async (_, code, misbehave) => {
    misbehave(server);
    const error = await errorOf(download());
    expect(error).toMatchObject({ domain: 'source', code, context: { host: new URL(server.origin).host } });
    expect(server.requests).toHaveLength(1);
    expect(await readdir(folder)).toEqual([]);
  });

  it('says that a server cannot be reached', async () => {
    const error = await errorOf(download({ address: `${await formerOrigin()}/vgg19.h5` }));
    expect(error).toMatchObject({ code: 'unreachable', message: expect.stringContaining('it refuses connections') });
    expect(await readdir(folder)).toEqual([]);
  });

  it('keeps what there is when it is stopped', async () => {
    server.file(content, { etag: '"1"', sendOnly: third, ending: 'hang' });
    const controller = new AbortController();
    const reason = new Error('enough');
    const stopped = download({
      signal: controller.signal,
      onProgress: (received) => received === third && controller.abort(reason),
    });
    await expect(stopped).rejects.toBe(reason);
    expect(await readFile(path)).toEqual(content.subarray(0, third));
  });

  it.skipIf(!existsSync('/dev/full'))('says that the disk is full (needs /dev/full)', async () => {
    await symlink('/dev/full', path);
    server.file(content);
    const error = await errorOf(download());
    expect(error).toMatchObject({
      domain: 'weights',
      code: 'disk-full',
      message: expect.stringContaining('Make room'),
    });
  });
});
