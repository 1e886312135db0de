import { createHash } from 'node:crypto';
import { AwsClient } from 'aws4fetch';
import { CodedError } from '../../coded-error.js';
import type { JobStore } from './job-store.js';

export interface S3StoreOptions {
  /** The address of the storage's HTTP API, such as `https://s3.eu-central-1.amazonaws.com`. */
  readonly endpoint: string;
  readonly bucket: string;
  readonly region: string;
  readonly accessKeyId: string;
  /** The secret key, which must never be logged. */
  readonly secretAccessKey: string;
}

/** How often a request is sent again where the storage answers that it is busy or away, with status 429 or 5xx. */
const retries = 3;

/** How long a request may take, retries included. */
const timeoutMs = 60_000;

/** The folder that all keys begin with, so that a bucket's lifecycle rule can be made for it. */
const folder = 'whitewalker';

/** Stores the pictures of jobs in storage that speaks S3's HTTP API: Amazon's own, MinIO, Ceph, R2 and others. */
export class S3Store implements JobStore {
  readonly #client: AwsClient;
  readonly #bucketUrl: string;

  constructor({ endpoint, bucket, region, accessKeyId, secretAccessKey }: S3StoreOptions) {
    this.#client = new AwsClient({ accessKeyId, secretAccessKey, region, service: 's3', retries });
    // The bucket is in the path, which every implementation understands.
    this.#bucketUrl = `${endpoint.replace(/\/+$/, '')}/${bucket}`;
  }

  async put(jobId: string, name: string, bytes: Uint8Array): Promise<void> {
    const body = Uint8Array.from(bytes);
    // The body is signed, so that nobody on the way can change it: storage of one's own is often reached without TLS.
    const headers = { 'x-amz-content-sha256': createHash('sha256').update(body).digest('hex') };
    await this.#ask('PUT', `${jobId}/${name}`, { body, headers });
  }

  async get(jobId: string, name: string): Promise<Uint8Array | undefined> {
    const response = await this.#ask('GET', `${jobId}/${name}`, {}, [404]);
    return response.status === 404 ? undefined : new Uint8Array(await response.arrayBuffer());
  }

  async remove(jobId: string): Promise<void> {
    const prefix = `${folder}/${jobId}/`;
    const listing = await this.#request('GET', `${this.#bucketUrl}?list-type=2&prefix=${encodeURIComponent(prefix)}`);
    const names = [...(await listing.text()).matchAll(/<Key>([^<]+)<\/Key>/g)].map(([, key]) => key ?? '');
    for (const key of names) {
      if (key.startsWith(prefix)) await this.#ask('DELETE', `${jobId}/${key.slice(prefix.length)}`, {}, [404]);
    }
  }

  #ask(method: string, key: string, init: RequestInit = {}, alsoFine: readonly number[] = []): Promise<Response> {
    return this.#request(method, `${this.#bucketUrl}/${folder}/${key}`, init, alsoFine);
  }

  /**
   * Sends a request to the storage.
   * @throws `store/refused`, with the HTTP status in its context; TypeError where the storage can't be reached.
   */
  async #request(
    method: string,
    url: string,
    init: RequestInit = {},
    alsoFine: readonly number[] = [],
  ): Promise<Response> {
    const response = await this.#client.fetch(url, { ...init, method, signal: AbortSignal.timeout(timeoutMs) });
    if (response.ok || alsoFine.includes(response.status)) return response;
    const answer = (await response.text()).slice(0, 300);
    const { status } = response;
    const sentence = `The S3 storage answered ${status} to ${method} ${new URL(url).pathname}: ${answer}`;
    throw new CodedError('store', 'refused', sentence, { context: { status } });
  }
}
