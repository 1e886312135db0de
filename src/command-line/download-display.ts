import { SingleBar } from 'cli-progress';
import type { DownloadEvent } from '../engine/weights/download/download-weights.js';

/** Shows a download on the standard error stream: by a bar on a terminal, by a plain line now and then elsewhere. */
export class DownloadDisplay {
  readonly #stream: NodeJS.WriteStream;
  readonly #title: string;
  #bar: SingleBar | undefined;
  /** How much of the file the last line reported, in tenths. */
  #shownTenths = -1;

  constructor(stream: NodeJS.WriteStream, title: string) {
    this.#stream = stream;
    this.#title = title;
  }

  show(event: DownloadEvent): void {
    switch (event.kind) {
      case 'progress':
        this.#progress(event.received, event.total);
        return;
      case 'waiting': {
        const who = event.pid === undefined ? 'Another process' : `Another process (${event.pid})`;
        this.#line(`${who} is at ${this.#title} already; waiting for it.`);
        return;
      }
      case 'source':
        this.#shownTenths = -1;
        this.#line(
          event.received > 0
            ? `Continuing ${this.#title} at ${megabytes(event.received)}, from ${event.address}`
            : `Fetching ${this.#title} from ${event.address}`,
        );
        return;
      case 'retry': {
        const { context, message } = event.error;
        const when = event.pauseMs > 0 ? `in ${Math.ceil(event.pauseMs / 1000)} s` : 'now';
        this.#line(`${context.host} ${message}; trying again ${when}.`);
        return;
      }
      case 'source-failed':
        this.#line(`${event.error.context.host} ${event.error.message}.`);
        return;
      case 'converting':
        this.#line('The digest is right; converting.');
    }
  }

  /** Leaves the terminal as it was. */
  stop(): void {
    this.#bar?.stop();
    this.#bar = undefined;
  }

  #progress(received: number, total: number | undefined): void {
    if (total === undefined) return;
    if (this.#stream.isTTY) {
      this.#bar ??= this.#startBar(total);
      this.#bar.update(received, { received: megabytes(received), whole: megabytes(total) });
      return;
    }
    const tenths = Math.floor((10 * received) / total);
    if (tenths === this.#shownTenths) return;
    this.#shownTenths = tenths;
    this.#line(`${megabytes(received)} of ${megabytes(total)} (${10 * tenths} %)`);
  }

  #startBar(total: number): SingleBar {
    const bar = new SingleBar({
      stream: this.#stream,
      format: '{bar} {percentage} % · {received} of {whole} · {eta_formatted} left',
      barCompleteChar: '█',
      barIncompleteChar: '░',
      barsize: 30,
      hideCursor: true,
      clearOnComplete: true,
      // This program handles Ctrl-C itself, and says what is kept.
      gracefulExit: false,
    });
    bar.start(total, 0, { received: megabytes(0), whole: megabytes(total) });
    return bar;
  }

  #line(text: string): void {
    this.stop();
    this.#stream.write(`${text}\n`);
  }
}

/** Returns a number of bytes as text for people: "80.1 MB". */
export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
