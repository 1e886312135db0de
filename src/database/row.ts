/** A row as it comes from the database: its columns by name. */
export type Row = Readonly<Record<string, unknown>>;

/** What a statement's parameters may be; undefined becomes NULL. */
export type Value = string | number | Uint8Array | null | undefined;

export function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null;
}

/** @throws TypeError where the column does not hold text. */
export function text(row: Row, column: string): string {
  const value = row[column];
  return typeof value === 'string' ? value : mismatch(column, 'text', value);
}

/** @returns undefined for NULL. @throws TypeError where the column holds something other than text. */
export function optionalText(row: Row, column: string): string | undefined {
  return row[column] === null ? undefined : text(row, column);
}

/** @throws TypeError where the column does not hold a whole number that JavaScript can tell from its neighbours. */
export function integer(row: Row, column: string): number {
  const value = row[column];
  return Number.isSafeInteger(value) ? Number(value) : mismatch(column, 'a whole number', value);
}

/** @returns undefined for NULL. @throws TypeError where the column holds something other than a whole number. */
export function optionalInteger(row: Row, column: string): number | undefined {
  return row[column] === null ? undefined : integer(row, column);
}

/** @throws TypeError where the column does not hold a number. */
export function real(row: Row, column: string): number {
  const value = row[column];
  return typeof value === 'number' ? value : mismatch(column, 'a number', value);
}

/** @throws TypeError where the column does not hold bytes. */
export function bytes(row: Row, column: string): Uint8Array {
  const value = row[column];
  return value instanceof ArrayBuffer ? new Uint8Array(value) : mismatch(column, 'bytes', value);
}

function mismatch(column: string, expected: string, value: unknown): never {
  const found = value === null ? 'NULL' : value === undefined ? 'no such column' : typeof value;
  throw new TypeError(`Expected ${expected} in column "${column}", got ${found}`);
}
