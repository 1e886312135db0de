/** Layers and how much each counts. */
export type LayerWeights = Readonly<Record<string, number>>;

/** The layers that content and style are compared by. */
export interface TransferLayers {
  readonly content: LayerWeights;
  readonly style: LayerWeights;
}

/**
 * A network compares content by the first of these that it has whole. The deep layers keep what is where and leave the
 * style room; a share of block 3 keeps faces recognisable, which relu4_1 alone lets drift.
 */
const contentChoices: readonly LayerWeights[] = [
  { relu3_1: 1, relu4_1: 1 },
  { relu3_2: 1 },
  { relu2_2: 1 },
  { relu1_2: 1 },
];

/** Gatys et al.'s style layers; the shallow ones, which see the finest strokes, count most. */
const styleChoice: LayerWeights = { relu1_1: 1, relu2_1: 0.8, relu3_1: 0.6, relu4_1: 0.4, relu5_1: 0.2 };

/**
 * The layers to use where nobody asks for others: as deep as the network at hand goes.
 * @param available - the network's layers.
 */
export function defaultLayers(available: readonly string[]): TransferLayers {
  const has = (layer: string) => available.includes(layer);
  const content = contentChoices.find((choice) => Object.keys(choice).every(has)) ?? { relu1_1: 1 };
  const style = Object.fromEntries(Object.entries(styleChoice).filter(([layer]) => has(layer)));
  return { content, style };
}
