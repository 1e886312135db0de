import type { Engine } from '../engine/engine.js';
import type { EngineNeeds } from '../works/work.js';

/** A network's weights and what is compiled for it take some hundred megabytes; a third one would rarely be used again. */
const defaultLimit = 2;

/** The engines of a compute process: one for each network and pooling that its tasks ask for, the last ones kept open. */
export class Engines {
  readonly #open: (needs: EngineNeeds) => Promise<Engine>;
  readonly #limit: number;
  /** By what they were opened for, the one that was used last at the end. */
  readonly #engines = new Map<string, Engine>();
  #usual: string | undefined;

  /** @param open - opens the engine for a network, or where none is asked for, the usual one. */
  constructor(open: (needs: EngineNeeds) => Promise<Engine>, limit = defaultLimit) {
    this.#open = open;
    this.#limit = limit;
  }

  /**
   * The engine for a network, or the usual one; for one caller at a time, and until the next call.
   * @throws what opening it throws.
   */
  async of({ network, pooling }: EngineNeeds = {}): Promise<Engine> {
    const nameFor = (name: string) => `${name} ${pooling ?? 'as trained'}`;
    const wanted = network ?? this.#usual;
    const known = wanted === undefined ? undefined : this.#engines.get(nameFor(wanted));
    if (wanted !== undefined && known) {
      this.#engines.delete(nameFor(wanted));
      this.#engines.set(nameFor(wanted), known);
      return known;
    }
    // First, so that there never is memory for more needed.
    for (const [oldest, engine] of this.#engines) {
      if (this.#engines.size < this.#limit) break;
      this.#engines.delete(oldest);
      await engine.dispose();
    }
    const opened = await this.#open({ network, pooling });
    const { name } = opened.network;
    if (network === undefined) this.#usual = name;
    this.#engines.set(nameFor(name), opened);
    return opened;
  }
}
