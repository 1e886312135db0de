/**
 * What a network was trained to be shown, as data: for each of its three input channels, which colour of the RGB picture
 * goes in and how it is scaled.
 */
export interface InputChannel {
  /** Index into red, green, blue. */
  readonly color: 0 | 1 | 2;
  /** The network sees scale · value + offset, for a value in [0, 1]. */
  readonly scale: number;
  readonly offset: number;
}

/** 'caffe-bgr': the Visual Geometry Group's own weights. 'torchvision-rgb': the ones trained with PyTorch. */
export const preprocessingNames = ['caffe-bgr', 'torchvision-rgb'] as const;
export type PreprocessingName = (typeof preprocessingNames)[number];

/** Every known preprocessing by its name. */
export const preprocessings: Readonly<Record<PreprocessingName, readonly InputChannel[]>> = {
  // BGR · 255 − mean of ImageNet.
  'caffe-bgr': [
    { color: 2, scale: 255, offset: -103.939 },
    { color: 1, scale: 255, offset: -116.779 },
    { color: 0, scale: 255, offset: -123.68 },
  ],
  // (RGB − mean) / standard deviation of ImageNet.
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
