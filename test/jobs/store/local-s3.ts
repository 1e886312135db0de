import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { S3StoreOptions } from '../../../src/jobs/store/s3-store.js';

/**
 * A storage on the loopback that speaks as much of S3's HTTP API as is needed. It takes only requests whose signature
 * is that of AWS's Signature Version 4, worked out here by its definition (docs: "Signature calculations for the
 * Authorization header").
 */
export class LocalS3 {
  readonly options: S3StoreOptions;
  readonly objects = new Map<string, Buffer>();
  /** Statuses with which the next requests are answered, in turn, instead of being served. */
  readonly faults: number[] = [];
  readonly #server: Server;

  private constructor(server: Server, options: S3StoreOptions) {
    this.#server = server;
    this.options = options;
  }

  static async start(): Promise<LocalS3> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const storage = new LocalS3(server, {
      endpoint: `http://127.0.0.1:${port}`,
      bucket: 'castle-black',
      region: 'eu-north-1',
      accessKeyId: 'AKIDWATCH',
      secretAccessKey: 'the-night-is/dark+and full',
    });
    server.on('request', (request, response) => void storage.#answer(request, response));
    return storage;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const end = (status: number, text: string | Buffer = '') => response.writeHead(status).end(text);
    const fault = this.faults.shift();
    if (fault !== undefined) return void end(fault, 'SlowDown');
    if (!this.#isSigned(request, body)) return void end(403, '<Code>SignatureDoesNotMatch</Code>');
    const url = new URL(request.url ?? '/', this.options.endpoint);
    const key = url.pathname.slice(`/${this.options.bucket}/`.length);
    switch (request.method) {
      case 'PUT':
        if (request.headers['content-length'] === undefined) return void end(411, '<Code>MissingContentLength</Code>');
        this.objects.set(key, body);
        return void end(200);
      case 'GET': {
        if (key === '') {
          const prefix = url.searchParams.get('prefix') ?? '';
          const found = [...this.objects.keys()].filter((name) => name.startsWith(prefix));
          const contents = found.map((name) => `<Contents><Key>${name}</Key></Contents>`);
          return void end(200, `<ListBucketResult>${contents.join('')}</ListBucketResult>`);
        }
        const object = this.objects.get(key);
        return void (object ? end(200, object) : end(404, '<Code>NoSuchKey</Code>'));
      }
      case 'DELETE':
        this.objects.delete(key);
        return void end(204);
      default:
        end(405);
    }
  }

  #isSigned({ method = '', url = '', headers }: IncomingMessage, body: Buffer): boolean {
    const pattern =
      /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/;
    const [, id, day = '', region = '', signed = '', signature = ''] = pattern.exec(headers.authorization ?? '') ?? [];
    const { accessKeyId, secretAccessKey, region: own } = this.options;
    const time = String(headers['x-amz-date']);
    const payload = String(headers['x-amz-content-sha256']);
    if (id !== accessKeyId || region !== own || !time.startsWith(day)) return false;
    if (payload !== 'UNSIGNED-PAYLOAD' && payload !== sha256(body)) return false;
    const { pathname, searchParams } = new URL(url, this.options.endpoint);
    const query = [...searchParams].map(([name, value]) => `${encoded(name)}=${encoded(value)}`).sort();
    const canonicalHeaders = signed.split(';').map((name) => `${name}:${String(headers[name]).trim()}\n`);
    const canonical = [method, pathname, query.join('&'), canonicalHeaders.join(''), signed, payload].join('\n');
    const scope = `${day}/${region}/s3/aws4_request`;
    const text = ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n');
    const key = [day, region, 's3', 'aws4_request'].reduce<Buffer>(hmac, Buffer.from(`AWS4${secretAccessKey}`));
    return timingSafeEqual(hmac(key, text), Buffer.from(signature, 'hex'));
  }
}

function sha256(data: Buffer | string): string {
  return createHash('sha256').update(data).digest('hex');
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function encoded(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}
