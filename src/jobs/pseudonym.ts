import { createHmac, randomBytes } from 'node:crypto';

/** The secret that pseudonyms are made with. Only this process knows it, and it is gone with the process. */
const key = randomBytes(32);

/**
 * Returns what stands for a person's id where the id itself was deleted. It is the same for the same person as long as
 * this process runs, and nobody could find the person by it.
 */
export function pseudonymOf(id: string): string {
  return createHmac('sha256', key).update(id).digest('base64url');
}
