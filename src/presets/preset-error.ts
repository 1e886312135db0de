/** A presets.json that can't be used. `message` names the field, what was expected there and what came. */
export class PresetError extends Error {
  override readonly name = 'PresetError';
  /** Where in the file: `presets[2].title.de`. */
  readonly field: string;

  constructor(field: string, expectation: string, value: unknown) {
    super(`presets.json: expected ${field} to be ${expectation}, got ${JSON.stringify(value) ?? String(value)}`);
    this.field = field;
  }
}
