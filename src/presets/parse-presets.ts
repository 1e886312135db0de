import { z } from 'zod';
import { CodedError } from '../coded-error.js';
import { starts } from '../transfer/start.js';

// The message of each schema says what is expected there; presetError makes a sentence of it.

/** Makes the schema of an object that has no other members: a misspelt name would otherwise be passed over. */
function exactly<Shape extends z.ZodRawShape>(shape: Shape) {
  const names = Object.keys(shape).join(', ');
  return z
    .strictObject(shape, {
      error: ({ code }) => (code === 'unrecognized_keys' ? `an object of ${names}` : 'an object'),
    })
    .readonly();
}

function matching(pattern: RegExp, expectation: string) {
  return z.string(expectation).regex(pattern, expectation);
}

/** Makes the schema of a text in each language that presets have texts in. */
function texts(maxLength: number) {
  const expectation = `a text of at most ${maxLength} characters`;
  const text = z.string(expectation).max(maxLength, expectation).regex(/\S/, expectation);
  return exactly({ en: text, de: text });
}

/** Schema of a picture's name within presets/, which can't lead out of that folder. */
const pictureName = matching(/^([a-z0-9-]+\/)?[a-z0-9-]+\.(jpg|png|webp)$/, 'a .jpg, .png or .webp within presets/');

const weight = z.number('a number from 0 up').min(0, 'a number from 0 up');
const layerWeights = z
  .record(z.string(), weight, 'an object')
  .refine((weights) => Object.keys(weights).length > 0, 'weights of at least one layer')
  .readonly();

const preset = exactly({
  /** Name that the preset is chosen by: `white-walker`. */
  name: matching(/^[a-z0-9-]{1,32}$/, '1 to 32 lower-case letters, digits and hyphens'),
  title: texts(32),
  /** One sentence about the style, for the gallery. */
  description: texts(100),
  /** Whether a face that is small in its picture loses eyes and mouth, which is said where the style is chosen. */
  losesSmallFaces: z.literal(true, 'true, or left out').exactOptional(),
  /** Name of the style picture within presets/. */
  file: pictureName,
  /** Name of the thumbnail within presets/: the example photograph in this style. */
  thumbnail: pictureName,
  /** Colour that the style picture is remembered by, as `accentColor` finds it. */
  accent: matching(/^#[0-9a-f]{6}$/, 'a colour such as #9ee3ff'),
  /** Settings that differ from the defaults of a transfer, and are merged over them. */
  transfer: exactly({
    weights: exactly({
      content: weight.exactOptional(),
      style: weight.exactOptional(),
      pixels: weight.exactOptional(),
      tv: weight.exactOptional(),
    }).exactOptional(),
    layers: exactly({ content: layerWeights.exactOptional(), style: layerWeights.exactOptional() }).exactOptional(),
    start: z.enum(starts, `one of ${starts.join(', ')}`).exactOptional(),
  }).default({}),
});

/** A style that comes with whitewalker, with the recipe that suits it. */
export type Preset = z.infer<typeof preset>;

const presetsFile = exactly({
  presets: z
    .array(preset, 'a list of at least one preset')
    .min(1, 'a list of at least one preset')
    .superRefine((presets, { addIssue }) => {
      for (const [index, { name }] of presets.entries()) {
        if (presets.findIndex((other) => other.name === name) === index) continue;
        addIssue({ code: 'custom', path: [index, 'name'], input: name, message: 'a name that no other preset has' });
      }
    }),
});

/**
 * Checks a parsed presets.json and returns its presets.
 * @throws CodedError `preset/bad-preset` for a field that is missing, unknown or not what it should be.
 */
export function parsePresets(value: unknown): readonly Preset[] {
  const { data, error } = presetsFile.safeParse(value, { reportInput: true });
  if (data) return data.presets;
  // A misspelt member also makes an issue of the missing one, which says less.
  const issue = error.issues.find(({ code }) => code === 'unrecognized_keys') ?? error.issues[0];
  throw issue === undefined ? error : presetError(fieldOf(issue.path), issue.message, whatCame(issue));
}

/**
 * Makes the error for a presets.json that can't be used.
 * @param field - the field in the file, such as `presets[2].title.de`, which the error's context has.
 * @param expectation - what should be there.
 * @param value - what is there.
 */
export function presetError(field: string, expectation: string, value: unknown): CodedError {
  const message = `presets.json: expected ${field} to be ${expectation}, got ${JSON.stringify(value) ?? String(value)}`;
  return new CodedError('preset', 'bad-preset', message, { context: { field } });
}

function fieldOf(path: readonly PropertyKey[]): string {
  const names = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`));
  return names.join('').replace(/^\./, '') || '(the file)';
}

function whatCame(issue: z.core.$ZodIssue): unknown {
  if (issue.code !== 'unrecognized_keys') return issue.input;
  const [name = ''] = issue.keys;
  return { [name]: issue.input?.[name] };
}
