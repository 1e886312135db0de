/**
 * Brightness and two chroma colours, as JPEG has them (BT.601), by red, green and blue. In photographs and paintings
 * they are nearly independent of one another, and noise of colours is in the chroma alone.
 */
export const opponentColors = [
  [0.299, 0.587, 0.114],
  [-0.168736, -0.331264, 0.5],
  [0.5, -0.418688, -0.081312],
] as const;
