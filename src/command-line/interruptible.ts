import { progressDisplay, type ShownProgress } from './progress-display.js';

/** What work on the terminal is done with. */
export interface TerminalWork {
  /** Aborted by Ctrl-C: what there is by then is to be kept. */
  readonly signal: AbortSignal;
  readonly show: (progress: ShownProgress) => void;
}

/**
 * Does work with progress on the terminal. Ctrl-C ends it with the best picture so far, a second one at once.
 * @returns what the work returns; the terminal is as it was.
 */
export async function interruptible<Result>(work: (terminal: TerminalWork) => Promise<Result>): Promise<Result> {
  const controller = new AbortController();
  const display = progressDisplay(process.stderr);
  const interrupt = () => {
    if (controller.signal.aborted) process.exit(130);
    display.stop();
    process.stderr.write('Stopping with the best picture so far; press Ctrl-C again to give up.\n');
    controller.abort();
  };
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  try {
    return await work({ signal: controller.signal, show: (progress) => display.show(progress) });
  } finally {
    display.stop();
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}
