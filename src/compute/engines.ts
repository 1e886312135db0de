import type { Engine } from '../engine/engine.js';
import type { EngineNeeds } from '../works/work.js';

/** Number of engines kept open: each takes some hundred megabytes, and a third one would rarely be used again. */
const defaultLimit = 2;

/** The engines of a compute process, one for each network and pooling. Those that were used last are kept open. */
export class Engines {
  readonly #open: (needs: EngineNeeds) => Promise<Engine>;
  readonly #limit: number;
  /** Open engines by network and pooling, the one that was used last at the end. */
  readonly #engines = new Map<string, Engine>();
  #usual: string | undefined;

  /** @param open - opens an engine for a network, or the usual one where no network is asked for. */
  constructor(open: (needs: EngineNeeds) => Promise<Engine>, limit = defaultLimit) {
    this.#open = open;
    this.#limit = limit;
  }

  /**
   * Returns the engine for a network and pooling, or the usual one, and opens it if it is not open. There may be one
   * caller at a time, and the engine is the caller's until the next call.
   * @throws what opening the engine throws.
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
    // Old engines are closed before another one is opened, so that memory for more than the limit is never needed.
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
