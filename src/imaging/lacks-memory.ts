/**
 * The words by which libvips and its decoders say that they got no memory, or no thread, for whose stack there was none.
 * libheif also says so of files that want more than it grants to any: that is the file's fault.
 */
const noMemory =
  /out of memory|insufficient memory|memory allocation (?:error|failed)|(?:failed|unable) to allocate|cannot allocate memory|array buffer allocation failed|error creating thread|bad_alloc/i;
const notGranted = /security limit/i;

/** Tells whether a decoder gave up because the system gave it no memory, which says nothing about the picture. */
export function lacksMemory(error: unknown): boolean {
  return error instanceof Error && noMemory.test(error.message) && !notGranted.test(error.message);
}
