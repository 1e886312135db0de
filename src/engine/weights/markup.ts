/** Tells whether bytes begin like HTML or XML, which a server may send instead of a file. */
export function looksLikeMarkup(start: Uint8Array): boolean {
  return /^\s*<[!?a-z]/i.test(
    Buffer.from(start.subarray(0, 64))
      .toString('utf8')
      .replace(/^\uFEFF/, ''),
  );
}
