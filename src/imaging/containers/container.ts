/** What the structure of a picture file tells without decoding a pixel. */
export interface Container {
  /** Whether the picture moves. Several pages of a TIFF do not count as movement. */
  readonly animated: boolean;
  /** Whether the file is there to its own end, not cut off on its way. This says nothing about damage inside. */
  readonly complete: boolean;
  /**
   * The file reduced to its first picture and to whatever its colours and orientation need; the same bytes where there
   * is nothing to leave out. A decoder looks at every frame, page and text of a file before it gives the first pixel,
   * and libvips does so with an effort that grows with the square of their number: a WebP of 25 MB with 300 000 frames
   * keeps it busy for minutes.
   */
  readonly firstPicture: Uint8Array;
}
