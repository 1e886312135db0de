/**
 * Returns the whole number, from 0 up, that a text of digits stands for; undefined for any other text. What only programs take
 * for one, such as 0x40 and 1e3, is none.
 */
export function wholeNumber(text: string): number | undefined {
  return /^\d+$/.test(text) ? Number(text) : undefined;
}
