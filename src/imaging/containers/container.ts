/** What the structure of a picture file tells without decoding a pixel. */
export interface Container {
  /** Whether the picture moves. Several pages of a TIFF do not. */
  readonly animated: boolean;
  /** Whether the file goes on to its own end: not cut off on its way. Says nothing about damage inside. */
  readonly complete: boolean;
  /**
   * The file reduced to its first picture and what its colours and orientation need; the same bytes where there is
   * nothing to leave out. A decoder looks at every frame, page and text of a file before it gives the first pixel, in
   * libvips with effort that grows with their square: a WebP of 25 MB with 300 000 frames keeps it busy for minutes.
   */
  readonly firstPicture: Uint8Array;
}
