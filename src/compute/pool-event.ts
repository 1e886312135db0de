/** An event in the life of a compute process, for logs and metrics. */
export type PoolEvent =
  | { readonly kind: 'started'; readonly pid: number | undefined }
  /** The process has opened its engine and warmed it up. */
  | {
      readonly kind: 'ready';
      readonly pid: number | undefined;
      readonly engine: string;
      readonly network: string;
      /** How fast the engine evaluates, see `evaluationPixels`. */
      readonly secondsPerPixel: number;
    }
  /** The process can't open its engine. */
  | { readonly kind: 'not-ready'; readonly pid: number | undefined; readonly message: string }
  /** The process is to compute with so many threads from now on. */
  | { readonly kind: 'threads'; readonly pid: number | undefined; readonly threads: number }
  /**
   * The process is told to end: it has done its share of tasks or has grown too large, and another one replaces it, or it
   * has had no task for long.
   */
  | { readonly kind: 'recycled'; readonly pid: number | undefined; readonly reason: 'tasks' | 'memory' | 'idle' }
  /** The process was killed, because it could not stop in time during an evaluation, or gave no sign of life. */
  | { readonly kind: 'killed'; readonly pid: number | undefined; readonly reason: 'cancelled' | 'hung' }
  | {
      readonly kind: 'ended';
      readonly pid: number | undefined;
      readonly code: number | null;
      readonly signal: NodeJS.Signals | null;
      /** Whether the process was told to end. */
      readonly expected: boolean;
      /** The end of what the process wrote to stderr. */
      readonly lastWords: string;
    };
