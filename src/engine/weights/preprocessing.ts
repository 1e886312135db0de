/**
 * The preprocessing of one of a network's three input channels, as the network was trained with it: which colour of the
 * RGB picture goes in, and how it is scaled.
 */
export interface InputChannel {
  /** The colour that goes in: 0 for red, 1 for green, 2 for blue. */
  readonly color: 0 | 1 | 2;
  /** Factor of the colour: the network gets scale · value + offset, for a value in [0, 1]. */
  readonly scale: number;
  readonly offset: number;
}

/** Preprocessings: 'caffe-bgr' for the Visual Geometry Group's own weights, 'torchvision-rgb' for those of PyTorch. */
export const preprocessingNames = ['caffe-bgr', 'torchvision-rgb'] as const;
export type PreprocessingName = (typeof preprocessingNames)[number];

/** The known preprocessings by name, each with one entry for each of the network's input channels. */
export const preprocessings: Readonly<Record<PreprocessingName, readonly InputChannel[]>> = {
  // The network gets BGR · 255 − ImageNet's mean.
  'caffe-bgr': [
    { color: 2, scale: 255, offset: -103.939 },
    { color: 1, scale: 255, offset: -116.779 },
    { color: 0, scale: 255, offset: -123.68 },
  ],
  // The network gets (RGB − ImageNet's mean) / ImageNet's standard deviation.
  'torchvision-rgb': [
    { color: 0, scale: 1 / 0.229, offset: -0.485 / 0.229 },
    { color: 1, scale: 1 / 0.224, offset: -0.456 / 0.224 },
    { color: 2, scale: 1 / 0.225, offset: -0.406 / 0.225 },
  ],
};

/** Whether a word from outside (a file's metadata) names a known preprocessing. */
export function isPreprocessingName(name: string): name is PreprocessingName {
  return preprocessingNames.some((known) => known === name);
}
