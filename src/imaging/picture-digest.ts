import { createHash } from 'node:crypto';

/** Number of hexadecimal digits: nobody finds a second picture of the same digest, and people can still copy it. */
const digits = 16;

/** Returns the digest that tells a picture's file from others: the first 16 hexadecimal digits of its SHA-256. */
export function pictureDigest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, digits);
}
