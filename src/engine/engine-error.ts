/** What went wrong in an engine; the text for people is chosen by this code where it is shown. */
export type EngineErrorCode =
  | 'unknown-layer'
  | 'unknown-network'
  | 'wrong-size'
  | 'wrong-topology'
  | 'not-finite'
  | 'wrong-map'
  | 'disposed'
  | 'unavailable'
  | 'out-of-memory'
  | 'failed';

/** The facts behind an {@link EngineError}, for logs and for translated texts. */
export type EngineErrorContext = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

/** Something an engine was asked for and cannot do, or did and failed at. */
export class EngineError extends Error {
  readonly code: EngineErrorCode;
  readonly context: EngineErrorContext;

  constructor(code: EngineErrorCode, message: string, context: EngineErrorContext = {}, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
    this.context = context;
  }
}

/** A layer that the network at hand does not have. Names the layer and those there are to choose from. */
export class UnknownLayerError extends EngineError {
  readonly layer: string;
  readonly available: readonly string[];

  /** @param owner - whose layers they are, as it reads in a sentence: "vgg19", "the network". */
  constructor(layer: string, available: readonly string[], owner = 'the network') {
    const choice =
      available.length > 0
        ? `Choose from ${available.join(', ')}.`
        : 'Layers are called conv3_2 (before the ReLU) or relu3_2 (after it): block 3, second convolution.';
    super('unknown-layer', `There is no layer "${layer}" in ${owner}. ${choice}`, { layer, available, owner });
    this.layer = layer;
    this.available = available;
  }
}
