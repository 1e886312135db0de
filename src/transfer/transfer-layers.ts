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
 * The style layers of transfers by VGG19-lite. Its relu5_1 was learned worst: with it, faces lose eyes and mouths, and
 * pictures are farther from the style by every judge. relu4_1, of which less is needed, bends them less the less it counts
 * (docs/quality.md).
 */
const liteStyleChoice: LayerWeights = { relu1_1: 1.6, relu2_1: 1.5, relu3_1: 1.2, relu4_1: 0.3 };

/** What the default layers depend on: a network's name, and the names of its layers. */
interface LayeredNetwork {
  readonly name: string;
  readonly layers: readonly string[];
}

/**
 * Returns the layers for transfers that name none: as deep as the network sees well.
 * @param styles - the number of styles that are blended.
 */
export function defaultLayers({ name, layers }: LayeredNetwork, styles = 1): TransferLayers {
  const style = name === 'vgg19-lite' ? liteStyleChoice : styleChoice;
  return { content: contentLayers(layers, styles), style: ofNetwork(style, layers) };
}

/** Returns the content layers for transfers that name none. @param available - the names of the network's layers. */
export function contentLayers(available: readonly string[], styles = 1): LayerWeights {
  const choices = styles > 1 ? [contentOfBlends, ...contentChoices] : contentChoices;
  return choices.find((choice) => Object.keys(choice).every((layer) => available.includes(layer))) ?? { relu1_1: 1 };
}

/**
 * Returns the layers for textures that name none: as deep as the network goes, for nothing else gives them large motifs.
 * @param available - the names of the network's layers.
 */
export function textureLayers(available: readonly string[]): LayerWeights {
  return ofNetwork(styleChoice, available);
}

/** Returns the names of all layers that are looked at. */
export function lookedAt({ content, style }: TransferLayers): readonly string[] {
  return Object.keys({ ...content, ...style });
}

function ofNetwork(choice: LayerWeights, layers: readonly string[]): LayerWeights {
  return Object.fromEntries(Object.entries(choice).filter(([layer]) => layers.includes(layer)));
}
