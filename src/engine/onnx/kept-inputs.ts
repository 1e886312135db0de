import { type BuiltGraph, GraphBuilder } from './graph-builder.js';
import type { Tensor } from './onnx-runtime.js';
import type { Feeds, Sessions } from './sessions.js';

/**
 * The inputs that many runs share, such as the targets of an objective, on the device itself: bringing some ten megabytes
 * there for each evaluation would take as long as a fast GPU computes. Those of one owner are kept at a time.
 */
export class KeptInputs {
  readonly #sessions: Sessions;
  #owner: object | undefined;
  #kept: Readonly<Record<string, Tensor>> = {};

  constructor(sessions: Sessions) {
    this.#sessions = sessions;
  }

  /**
   * Returns inputs as they are on the device, and brings them there first where another owner's are kept.
   * @param owner - whoever these inputs belong to; they must be the same whenever this owner asks.
   * @throws what {@link Sessions.run} throws.
   */
  async of(owner: object, feeds: () => Feeds): Promise<Feeds> {
    if (this.#owner === owner) return this.#kept;
    this.forget();
    const inputs = feeds();
    const shapes = Object.entries(inputs).map(([name, { dims }]) => ({ name, rank: dims.length }));
    const results = await this.#sessions.run({
      key: `keep ${JSON.stringify(shapes)}`,
      graph: () => copyGraph(shapes),
      feeds: inputs,
      keepsResults: true,
    });
    this.#kept = Object.fromEntries(Object.keys(inputs).map((name) => [name, results[copyOf(name)] as Tensor]));
    this.#owner = owner;
    return this.#kept;
  }

  /** Frees the memory of the inputs that are kept. */
  forget(): void {
    for (const tensor of Object.values(this.#kept)) tensor.dispose();
    this.#kept = {};
    this.#owner = undefined;
  }
}

/** Builds a graph whose outputs are its inputs; where outputs stay on a GPU, that brings the inputs there. */
function copyGraph(inputs: readonly { readonly name: string; readonly rank: number }[]): BuiltGraph {
  const graph = new GraphBuilder();
  for (const { name, rank } of inputs) {
    const shape = Array.from({ length: rank }, (_, axis) => `${name} ${axis}`);
    graph.output(copyOf(name), graph.input(name, shape), shape);
  }
  return graph.build('copies');
}

function copyOf(name: string): string {
  return `${name} on the device`;
}
