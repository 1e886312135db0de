import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import sharp from 'sharp';
import type { Fault } from './faults.js';
import { contentTypeOf } from './file-store.js';
import type { World } from './world.js';

interface CdnFile {
  readonly bytes: Uint8Array;
  readonly contentType: string;
}

const attachmentPath = /^\/(ephemeral-)?attachments\//;
const avatarPath = /^\/avatars\/(\d+)\/((?:a_)?[\da-f]{32})\.(png|webp|jpe?g|gif)$/;
const stickerPath = /^\/stickers\/(\d+)\.png$/;
const defaultAvatarPath = /^\/embed\/avatars\/([0-5])\.png$/;
const defaultAvatarColors = ['#5865f2', '#757e8a', '#3ba55c', '#faa61a', '#ed4245', '#eb459f'];

/** Whether a path leads to a file of the CDN: an attachment, an avatar or a sticker. */
export function isOfCdn(path: string): boolean {
  return attachmentPath.test(path) || /^\/(?:avatars|stickers|embed)\//.test(path);
}

/** Answers a request for a file, or misbehaves as `fault` says. */
export async function serveFile(
  world: World,
  path: string,
  query: URLSearchParams,
  response: ServerResponse,
  fault: Fault | undefined,
): Promise<void> {
  const file = await find(world, path, query);
  if (typeof file === 'number') {
    const text = file === 404 ? 'This content is no longer available.' : 'Signature invalid or expired.';
    response.writeHead(file, { 'content-type': 'text/plain' }).end(text);
    return;
  }
  const { bytes, contentType } = file;
  const headers = { 'content-type': contentType, 'content-length': bytes.byteLength };
  if (typeof fault !== 'object') {
    if (fault !== 'endless-body') return void response.writeHead(200, headers).end(bytes);
    response.writeHead(200, { 'content-type': contentType });
    await send(endless(bytes), response);
  } else if ('slowBody' in fault) {
    response.writeHead(200, headers);
    await send(drops(bytes, fault.slowBody), response);
  } else if ('contentLength' in fault) {
    response.strictContentLength = false;
    response.writeHead(200, { ...headers, 'content-length': fault.contentLength });
    response.write(bytes, () => fault.contentLength > bytes.byteLength || response.destroy());
  } else if ('endsAfterBytes' in fault) {
    response.writeHead(200, headers).write(bytes.subarray(0, fault.endsAfterBytes), () => response.destroy());
  } else {
    response.writeHead(200, headers).end(bytes);
  }
}

/** Returns the file at an address, or the status with which the request is refused. */
async function find(world: World, path: string, query: URLSearchParams): Promise<CdnFile | 403 | 404> {
  if (attachmentPath.test(path)) {
    if (!world.files.isSigned(path, query)) return query.has('hm') ? 404 : 403;
    const file = world.files.byPath(path);
    return file ? { bytes: file.bytes, contentType: file.contentType ?? 'application/octet-stream' } : 404;
  }
  const sticker = world.stickers.get(stickerPath.exec(path)?.[1] ?? '');
  if (sticker) return { bytes: sticker, contentType: 'image/png' };
  const [, userId, hash, format] = avatarPath.exec(path) ?? [];
  const user = world.users.get(userId ?? '');
  if (user?.avatar && user.avatarHash === hash) return avatar(user.avatar, format ?? 'png', Number(query.get('size')));
  const color = defaultAvatarColors[Number(defaultAvatarPath.exec(path)?.[1] ?? Number.NaN)];
  if (color === undefined) return 404;
  const plain = sharp({ create: { width: 256, height: 256, channels: 3, background: color } });
  return { bytes: await plain.png().toBuffer(), contentType: 'image/png' };
}

/**
 * Returns an avatar in the format and size that is asked for; as a GIF it moves, if it does. Discord does not enlarge
 * avatars.
 */
async function avatar(bytes: Uint8Array, format: string, size: number): Promise<CdnFile> {
  const name = format === 'jpg' ? 'jpeg' : (format as 'png' | 'webp' | 'jpeg' | 'gif');
  const picture = sharp(bytes, { animated: name === 'gif' });
  const resized = size > 0 ? picture.resize(size, size, { fit: 'inside', withoutEnlargement: true }) : picture;
  const contentType = contentTypeOf(`avatar.${format}`) ?? 'image/png';
  return { bytes: await resized.toFormat(name).toBuffer(), contentType };
}

/** Yields a file in small chunks, with a pause after each. */
async function* drops(
  bytes: Uint8Array,
  { chunkBytes, everyMs }: { readonly chunkBytes: number; readonly everyMs: number },
) {
  for (let start = 0; start < bytes.byteLength; start += chunkBytes) {
    yield bytes.subarray(start, start + chunkBytes);
    await delay(everyMs, undefined, { ref: false });
  }
}

/** Yields a file again and again, for ever. */
function* endless(bytes: Uint8Array) {
  while (true) yield bytes.byteLength > 0 ? bytes : Buffer.alloc(1024);
}

/** Sends chunks until there are no more, or until the reader hangs up. */
async function send(parts: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, response: ServerResponse): Promise<void> {
  await pipeline(parts, response).catch(() => response.destroy());
}
