import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parse, populate } from 'dotenv';
import { CodedError } from './coded-error.js';
import { settingsWarnings } from './environment-warnings.js';
import { fileTrouble, systemCode } from './files/file-trouble.js';

/** What came of reading a file with settings. */
export interface EnvironmentFile {
  /** What is wrong with the file as a whole, so that nothing in it counts: `config/bad-file`. */
  readonly trouble: CodedError | undefined;
  /** Sentences about settings that seem to be mistaken, from the file or the environment. */
  readonly warnings: readonly string[];
}

/** Names that editors and people give the file by mistake. */
const misnamed = /^(?:\.?env\.txt|_?env|\.env\.(?:local|env))$/i;

/**
 * Reads a file of the kind `.env` into an environment; what is set there already stands. Never throws: a file that is
 * missing is none, and whoever needs the settings looks at what is wrong.
 */
export function loadEnvironmentFile(path: string, environment: NodeJS.ProcessEnv): EnvironmentFile {
  try {
    const text = textOf(path);
    const settings = text === undefined ? {} : parse(text);
    requireUtf8(path, settings);
    populate(environment, settings);
    const beside = text === undefined ? misnamedBeside(path) : [];
    return { trouble: undefined, warnings: [...beside, ...settingsWarnings(Object.keys(settings), environment)] };
  } catch (error) {
    const trouble =
      error instanceof CodedError ? error : badFile(path, `can't be read (${fileTrouble(error)}).`, error);
    return { trouble, warnings: [] };
  }
}

/** Returns the file's text; undefined where there is no such file. */
function textOf(path: string): string | undefined {
  const bytes = bytesOf(path);
  if (bytes === undefined) return undefined;
  const [first, second] = bytes;
  const isUtf16 = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  if (isUtf16 || bytes.includes(0)) {
    const what = isUtf16 ? 'is written in UTF-16' : 'has NUL bytes in it, as a text in UTF-16 has';
    throw badFile(path, `${what}. Save it as UTF-8: Windows' Notepad asks for the encoding under "Save as".`);
  }
  return bytes.toString('utf8');
}

function bytesOf(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    switch (systemCode(error)) {
      case 'ENOENT':
        requireNoLink(path, error);
        return undefined;
      case 'EISDIR':
        throw badFile(
          path,
          'is a folder, and should be a file. Docker makes a folder where a file that it is to mount is missing. Move it away.',
          error,
        );
      case 'EACCES':
        throw badFile(
          path,
          "can't be read (permission denied). Give it to the user that runs whitewalker, or let that user read it.",
          error,
        );
      default:
        throw error;
    }
  }
}

/** @throws `config/bad-file` where a path that can't be followed is a link, so that something should be there. */
function requireNoLink(path: string, cause: unknown): void {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return;
  throw badFile(
    path,
    `is a link to ${readlinkSync(path)}, which is not there. Put the file there, or mend the link.`,
    cause,
  );
}

/** @throws `config/bad-file` where a value has the sign in it that stands for bytes that are no UTF-8. */
function requireUtf8(path: string, settings: Readonly<Record<string, string>>): void {
  const spoilt = Object.keys(settings).find((name) => settings[name]?.includes('\uFFFD'));
  if (spoilt === undefined) return;
  throw badFile(path, `is not written in UTF-8: see ${spoilt}. Save it as UTF-8.`);
}

function misnamedBeside(path: string): readonly string[] {
  const folder = dirname(path);
  return readdirSync(folder)
    .filter((name) => misnamed.test(name) || (name !== '.env' && name.toLowerCase() === '.env'))
    .map(
      (name) => `There is a file ${resolve(folder, name)}, which nobody reads. Is it meant to be .env? Rename it then.`,
    );
}

function badFile(path: string, what: string, cause?: unknown): CodedError {
  return new CodedError('config', 'bad-file', `${resolve(path)} ${what}`, { cause });
}
