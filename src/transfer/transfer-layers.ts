/** Layers by name, with their weights. */
export type LayerWeights = Readonly<Record<string, number>>;

/** The layers by which content and style are compared. */
export interface TransferLayers {
  readonly content: LayerWeights;
  readonly style: LayerWeights;
}

/**
 * The choices of content layers; a network uses the first one whose layers it all has. Deep layers keep the positions
 * of things and leave the style room; a share of block 3 keeps faces recognisable, which relu4_1 alone lets drift.
 */
const contentChoices: readonly LayerWeights[] = [
  { relu3_1: 1, relu4_1: 1 },
  { relu3_2: 1 },
  { relu2_2: 1 },
  { relu1_2: 1 },
];

/**
 * The first choice of content layers for a blend. The mean of several styles' statistics is no picture's own, so that the
 * style's loss stays large, and what it puts into flat places, such as a honeycomb over eyes, costs little by deeper layers.
 */
const contentOfBlends: LayerWeights = { relu2_1: 0.7, relu3_1: 1, relu4_1: 0.6 };

/** The style layers of Gatys et al.; the shallow ones, which see the finest strokes, count most. */
const styleChoice: LayerWeights = { relu1_1: 1, relu2_1: 0.8, relu3_1: 0.6, relu4_1: 0.4, relu5_1: 0.2 };

/**
 * Returns the layers for transfers that name none: as deep as the network goes.
 * @param available - the names of the network's layers.
 * @param styles - the number of styles that are blended.
 */
export function defaultLayers(available: readonly string[], styles = 1): TransferLayers {
  const has = (layer: string) => available.includes(layer);
  const choices = styles > 1 ? [contentOfBlends, ...contentChoices] : contentChoices;
  const content = choices.find((choice) => Object.keys(choice).every(has)) ?? { relu1_1: 1 };
  const style = Object.fromEntries(Object.entries(styleChoice).filter(([layer]) => has(layer)));
  return { content, style };
}
