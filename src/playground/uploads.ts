import { randomBytes } from 'node:crypto';
import { RefusedByClientError } from '../local-discord/client-error.js';
import type { Upload } from '../local-discord/file-store.js';
import { example, isExampleName } from './town.js';
import type { FileReference } from './wire.js';

/** Number of files that wait to be sent with something: more than a message and a modal together can take. */
const mostWaiting = 24;

/** Files that a visitor has chosen and that nothing was sent with so far. The oldest make room for new ones. */
export class Uploads {
  readonly #waiting = new Map<string, Upload>();

  /** Keeps a file, and returns the id by which it can be sent. */
  add(upload: Upload): string {
    const id = randomBytes(12).toString('hex');
    this.#waiting.set(id, upload);
    const [oldest] = this.#waiting.keys();
    if (this.#waiting.size > mostWaiting && oldest !== undefined) this.#waiting.delete(oldest);
    return id;
  }

  /**
   * Returns the file that is meant.
   * @throws RefusedByClientError where there is none.
   */
  async find(reference: FileReference): Promise<Upload> {
    if ('example' in reference) {
      if (isExampleName(reference.example)) return example(reference.example);
    } else {
      const upload = this.#waiting.get(reference.upload);
      if (upload) return upload;
    }
    throw new RefusedByClientError('The file is no longer there. Choose it again.');
  }
}
