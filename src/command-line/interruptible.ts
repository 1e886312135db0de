import { progressDisplay, type ShownProgress } from './progress-display.js';
import { note } from './standard-streams.js';
import { onStopSignal } from './stop-signals.js';

/** The tools of a command that works for a while: a signal to stop, and a display of progress. */
export interface TerminalWork {
  /** Signal that Ctrl-C aborts: the work then ends, and its best result so far is kept. */
  readonly signal: AbortSignal;
  readonly show: (progress: ShownProgress) => void;
}

/**
 * Does work, shows its progress on the terminal, and leaves the terminal as it was. Ctrl-C, and other signals that ask
 * the process to end, end the work with the best picture so far, and the process with the exit code that tells which
 * it was; a second Ctrl-C ends the process at once.
 * @param kept - what is kept then, in words.
 * @returns what the work returns.
 */
export async function interruptible<Result>(
  work: (terminal: TerminalWork) => Promise<Result>,
  kept = 'the best picture so far',
): Promise<Result> {
  const controller = new AbortController();
  const display = progressDisplay(process.stderr);
  const forget = onStopSignal((exitCode) => {
    process.exitCode = exitCode;
    display.stop();
    note(`Stopping with ${kept}; press Ctrl-C again to give up.`);
    controller.abort();
  });
  try {
    return await work({ signal: controller.signal, show: (progress) => display.show(progress) });
  } finally {
    display.stop();
    forget();
  }
}
