import type { Engine } from '../../engine/engine.js';
import type { NetworkName } from '../../engine/topology.js';

/** A network's weights and what is compiled for it take some hundred megabytes; a third one would rarely be used again. */
const defaultLimit = 2;

/** The engines of a compute process: one for each network that its tasks ask for, the last ones kept open. */
export class Engines {
  readonly #open: (network: NetworkName | undefined) => Promise<Engine>;
  readonly #limit: number;
  /** By network, the one that was used last at the end. */
  readonly #engines = new Map<string, Engine>();
  #usual: string | undefined;

  /** @param open - opens the engine for a network, or where none is asked for, the usual one. */
  constructor(open: (network: NetworkName | undefined) => Promise<Engine>, limit = defaultLimit) {
    this.#open = open;
    this.#limit = limit;
  }

  /**
   * The engine for a network, or the usual one; for one caller at a time, and until the next call.
   * @throws what opening it throws.
   */
  async of(network?: NetworkName | undefined): Promise<Engine> {
    const name = network ?? this.#usual;
    const known = name === undefined ? undefined : this.#engines.get(name);
    if (known) {
      this.#engines.delete(known.network.name);
      this.#engines.set(known.network.name, known);
      return known;
    }
    // First, so that there never is memory for more needed.
    for (const [oldest, engine] of this.#engines) {
      if (this.#engines.size < this.#limit) break;
      this.#engines.delete(oldest);
      await engine.dispose();
    }
    const opened = await this.#open(network);
    if (network === undefined) this.#usual = opened.network.name;
    this.#engines.set(opened.network.name, opened);
    return opened;
  }
}
