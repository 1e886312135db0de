import { createHmac, randomBytes } from 'node:crypto';

/** Known to this process alone, and gone with it. */
const key = randomBytes(32);

/**
 * What stands for a person's id where the id itself was deleted: the same for the same person as long as this process runs,
 * and nothing that anybody could find the person by.
 */
export function pseudonymOf(id: string): string {
  return createHmac('sha256', key).update(id).digest('base64url');
}
