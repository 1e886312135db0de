/** What happens to compute processes, for a log. */
export type PoolEvent =
  | { readonly kind: 'started'; readonly pid: number | undefined }
  /** Its engine is open and warm. */
  | { readonly kind: 'ready'; readonly pid: number | undefined; readonly engine: string; readonly network: string }
  /** Its engine can't be opened. */
  | { readonly kind: 'not-ready'; readonly pid: number | undefined; readonly message: string }
  /** It did its share of tasks or has grown too large: it is told to end, and another one takes its place. */
  | { readonly kind: 'recycled'; readonly pid: number | undefined; readonly reason: 'tasks' | 'memory' }
  /** It could not stop in time, being in the middle of an evaluation, or gave no sign of life. */
  | { readonly kind: 'killed'; readonly pid: number | undefined; readonly reason: 'cancelled' | 'hung' }
  | {
      readonly kind: 'ended';
      readonly pid: number | undefined;
      readonly code: number | null;
      readonly signal: NodeJS.Signals | null;
      /** Whether it was told to. */
      readonly expected: boolean;
      /** The end of what it wrote to stderr. */
      readonly lastWords: string;
    };
