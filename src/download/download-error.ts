import { codedErrors } from '../coded-error.js';

/** Why something can't be downloaded. */
export type DownloadErrorCode = 'not-allowed' | 'not-found' | 'too-many-bytes' | 'timeout' | 'unavailable';

/**
 * A download that came to nothing. Its context has `host` where there is one, `status` where there was an answer, and
 * `maxBytes` and `maxMegabytes` with `too-many-bytes`. Neither message nor context has the address itself: it can be signed.
 */
export const downloadError = codedErrors<DownloadErrorCode>('download');
