/** A row of the database: its values by the names of columns. */
export type Row = Readonly<Record<string, unknown>>;

/** A value for a statement's parameter; undefined becomes NULL. */
export type Value = string | number | Uint8Array | null | undefined;

export function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null;
}

/** Returns the text in a column. @throws TypeError where the column does not hold text. */
export function text(row: Row, column: string): string {
  const value = row[column];
  return typeof value === 'string' ? value : mismatch(column, 'text', value);
}

/** Returns the text in a column; undefined for NULL. @throws TypeError where it holds something else. */
export function optionalText(row: Row, column: string): string | undefined {
  return row[column] === null ? undefined : text(row, column);
}

/** Returns the whole number in a column. @throws TypeError where it holds anything but a safe integer. */
export function integer(row: Row, column: string): number {
  const value = row[column];
  return Number.isSafeInteger(value) ? Number(value) : mismatch(column, 'a whole number', value);
}

/** Returns the whole number in a column; undefined for NULL. @throws TypeError where it holds something else. */
export function optionalInteger(row: Row, column: string): number | undefined {
  return row[column] === null ? undefined : integer(row, column);
}

/** Returns the number in a column. @throws TypeError where the column does not hold a number. */
export function real(row: Row, column: string): number {
  const value = row[column];
  return typeof value === 'number' ? value : mismatch(column, 'a number', value);
}

/** Returns the bytes in a column. @throws TypeError where the column does not hold bytes. */
export function bytes(row: Row, column: string): Uint8Array {
  const value = row[column];
  return value instanceof ArrayBuffer ? new Uint8Array(value) : mismatch(column, 'bytes', value);
}

function mismatch(column: string, expected: string, value: unknown): never {
  const found = value === null ? 'NULL' : value === undefined ? 'no such column' : typeof value;
  throw new TypeError(`Expected ${expected} in column "${column}", got ${found}`);
}
