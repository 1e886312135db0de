/** An error that nobody foresaw, as plain data for a log. */
export interface Fault {
  readonly message: string;
  readonly stack: string | undefined;
}

/** Returns an error as plain data, because objects lose their class on the way from one process to another. */
export function faultOf(error: unknown): Fault {
  return error instanceof Error
    ? { message: error.message, stack: error.stack }
    : { message: String(error), stack: undefined };
}
