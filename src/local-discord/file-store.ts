import { createHmac, randomBytes } from 'node:crypto';
import { extname } from 'node:path';
import { type APIAttachment, AttachmentFlags } from 'discord.js';
import sharp from 'sharp';
import type { Clock, Snowflakes } from './clock.js';

/** A file on its way to Discord, from a bot or a person. */
export interface Upload {
  readonly bytes: Uint8Array;
  readonly name: string;
  /** MIME type of the file. Default: by the extension of its name. */
  readonly contentType?: string | undefined;
  /** The file's alt text. */
  readonly description?: string | undefined;
  readonly spoiler?: boolean | undefined;
}

/** A file that Discord has. Width and height, in pixels, are known of pictures only. */
export interface StoredFile extends Upload {
  readonly id: string;
  readonly path: string;
  readonly spoiler: boolean;
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  readonly isEphemeral: boolean;
}

const contentTypes: Readonly<Record<string, string>> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.gif': 'image/gif',
  '.webp': 'image/webp',
  '.avif': 'image/avif',
  '.bmp': 'image/bmp',
  '.tif': 'image/tiff',
  '.tiff': 'image/tiff',
  '.svg': 'image/svg+xml',
  '.mp4': 'video/mp4',
  '.mp3': 'audio/mpeg',
  '.txt': 'text/plain; charset=utf-8',
  '.json': 'application/json',
  '.pdf': 'application/pdf',
};

/** Returns a file's MIME type, which Discord tells by its name alone; undefined where Discord knows none. */
export function contentTypeOf(name: string): string | undefined {
  return contentTypes[extname(name).toLowerCase()];
}

export interface FileStoreOptions {
  /** Returns the CDN's origin; called for each address that is made. */
  readonly origin: () => string;
  /** How long a signed address is valid, in milliseconds. */
  readonly attachmentLifetimeMs: number;
  readonly cdnSecret?: Uint8Array | undefined;
}

/** All files that were uploaded, and the signed addresses at which the CDN gives them out. */
export class FileStore {
  readonly #clock: Clock;
  readonly #snowflakes: Snowflakes;
  readonly #origin: () => string;
  readonly #lifetimeMs: number;
  /** What addresses are signed with. */
  readonly secret: Uint8Array;
  readonly #byId = new Map<string, StoredFile>();
  readonly #byPath = new Map<string, StoredFile>();

  constructor(clock: Clock, snowflakes: Snowflakes, options: FileStoreOptions) {
    this.#clock = clock;
    this.#snowflakes = snowflakes;
    this.#origin = options.origin;
    this.#lifetimeMs = options.attachmentLifetimeMs;
    this.secret = options.cdnSecret ?? randomBytes(16);
  }

  /**
   * Stores a file and returns it.
   * @param channelId - the channel's id, which is part of the file's address.
   */
  async add(upload: Upload, channelId: string, isEphemeral: boolean): Promise<StoredFile> {
    const id = this.#snowflakes.next();
    // Discord replaces all characters that are not harmless in an address.
    const name = upload.name.replaceAll(/[^\w.-]/g, '_');
    const path = `/${isEphemeral ? 'ephemeral-attachments' : 'attachments'}/${channelId}/${id}/${name}`;
    const file: StoredFile = {
      ...upload,
      id,
      name,
      path,
      contentType: upload.contentType ?? contentTypeOf(name),
      spoiler: upload.spoiler === true || name.startsWith('SPOILER_'),
      ...(await dimensions(upload.bytes)),
      isEphemeral,
    };
    this.keep(file);
    return file;
  }

  /** Has a file that was stored before. */
  keep(file: StoredFile): void {
    this.#byId.set(file.id, file);
    this.#byPath.set(file.path, file);
  }

  get all(): readonly StoredFile[] {
    return [...this.#byId.values()];
  }

  byId(id: string): StoredFile | undefined {
    return this.#byId.get(id);
  }

  byPath(path: string): StoredFile | undefined {
    return this.#byPath.get(path);
  }

  /** Returns a signed address at which the file can be fetched for `lifetimeMs` from now, usually a day. */
  url(file: StoredFile): string {
    const issued = hexSeconds(this.#clock.now());
    const expires = hexSeconds(this.#clock.now() + this.#lifetimeMs);
    const query = `ex=${expires}&is=${issued}&hm=${this.#signature(file.path, expires, issued)}&`;
    return `${this.#origin()}${file.path}?${query}`;
  }

  /** Whether the query of an address has a signature of {@link url} that has not run out. */
  isSigned(path: string, query: URLSearchParams): boolean {
    const expires = query.get('ex') ?? '';
    const isGenuine = query.get('hm') === this.#signature(path, expires, query.get('is') ?? '');
    return isGenuine && Number.parseInt(expires, 16) * 1000 > this.#clock.now();
  }

  /** Returns a file as messages and interactions show it, with a freshly signed address. */
  toApi(file: StoredFile): APIAttachment {
    const url = this.url(file);
    return {
      id: file.id,
      filename: file.name,
      size: file.bytes.byteLength,
      url,
      proxy_url: url,
      ...(file.contentType !== undefined && { content_type: file.contentType }),
      ...(file.width !== undefined && { width: file.width }),
      ...(file.height !== undefined && { height: file.height }),
      ...(file.description !== undefined && { description: file.description }),
      ...(file.spoiler && { flags: AttachmentFlags.IsSpoiler }),
      ...(file.isEphemeral && { ephemeral: true }),
    };
  }

  #signature(path: string, expires: string, issued: string): string {
    return createHmac('sha256', this.secret).update(`${path} ${expires} ${issued}`).digest('hex');
  }
}

function hexSeconds(timeMs: number): string {
  return Math.floor(timeMs / 1000).toString(16);
}

async function dimensions(bytes: Uint8Array): Promise<{ width?: number; height?: number }> {
  try {
    const { width, height } = await sharp(bytes).metadata();
    return { width, height };
  } catch {
    return {};
  }
}
