import { codedErrors } from '../coded-error.js';

/** Codes of why something can't be downloaded. */
export type DownloadErrorCode = 'not-allowed' | 'not-found' | 'too-many-bytes' | 'timeout' | 'unavailable';

/**
 * Makes the error for a failed download. Its context has `host` where there is one, `status` where there was an answer,
 * and with `too-many-bytes` both `maxBytes` and `maxMegabytes`. Neither message nor context has the address itself: it
 * can be signed.
 */
export const downloadError = codedErrors<DownloadErrorCode>('download');
