import { SingleBar } from 'cli-progress';

/** How far work is, as it is shown. */
export interface ShownProgress {
  /** Number of the epoch just done, from 1 to `epochs`: those of the whole work, or of its frame. */
  readonly epoch: number;
  readonly epochs: number;
  /** The part that is worked at, in words: "scale 2/3 (256×256)". */
  readonly part: string;
  /** How much of the whole work is done, from 0 to 1. */
  readonly share: number;
  readonly loss: number;
  readonly secondsLeft: number;
}

/** A display of how far work is. It is shown on the standard error stream: the standard output is for results. */
export interface ProgressDisplay {
  show(progress: ShownProgress): void;
  /** Leaves the terminal as it was, and shows nothing more. */
  stop(): void;
}

/** Returns a display: a bar on a terminal, a plain line now and then elsewhere, so that logs stay readable. */
export function progressDisplay(stream: NodeJS.WriteStream): ProgressDisplay {
  return stream.isTTY ? new ProgressBar(stream) : new ProgressLines(stream);
}

class ProgressBar implements ProgressDisplay {
  readonly #bar: SingleBar;
  #state: 'new' | 'running' | 'stopped' = 'new';

  constructor(stream: NodeJS.WriteStream) {
    this.#bar = new SingleBar({
      stream,
      format: '{bar} epoch {epoch}/{epochs} · {part} · loss {loss} · {left} left',
      barCompleteChar: '█',
      barIncompleteChar: '░',
      barsize: 30,
      hideCursor: true,
      clearOnComplete: true,
      // This program handles Ctrl-C itself, and ends with the best picture so far.
      gracefulExit: false,
    });
  }

  show({ epoch, epochs, part, share, loss, secondsLeft }: ShownProgress): void {
    const payload = { epoch, epochs, part, loss: loss.toFixed(4), left: duration(secondsLeft) };
    if (this.#state === 'running') this.#bar.update(share, payload);
    else if (this.#state === 'new') {
      this.#bar.start(1, share, payload);
      this.#state = 'running';
    }
  }

  stop(): void {
    if (this.#state === 'running') this.#bar.stop();
    this.#state = 'stopped';
  }
}

/** How much of the work is done between two lines; a tenth, but for rounding. */
const lineStep = 0.1 - 1e-9;

class ProgressLines implements ProgressDisplay {
  readonly #stream: NodeJS.WriteStream;
  /** The share of the work that was done when a line was shown last. */
  #shown: number | undefined;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  show({ epoch, epochs, part, share, loss, secondsLeft }: ShownProgress): void {
    // A line is shown in the beginning, for every tenth of the work, and in the end.
    if (this.#shown !== undefined && share < this.#shown + lineStep && share < 1) return;
    this.#shown = share;
    const line = `epoch ${epoch}/${epochs}, ${part}, loss ${loss.toFixed(4)}, ${duration(secondsLeft)} left`;
    this.#stream.write(`${line}\n`);
  }

  stop(): void {}
}

function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
}
