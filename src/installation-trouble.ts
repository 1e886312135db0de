import { dirname, sep } from 'node:path';
import { CodedError, isCoded } from './coded-error.js';
import { packageRoot } from './package-root.js';

/**
 * Returns what to tell of an error that comes from the installation or from where it was started, not from what the
 * program does: a missing package, one that was installed for another system, files that this user may not read, a
 * folder that is gone, too few open files, too little address space. Undefined for every other error.
 *
 * It is asked before any package is loaded, so it needs none.
 */
export function installationTrouble(error: unknown): CodedError | undefined {
  if (!(error instanceof Error)) return undefined;
  try {
    const trouble = troubleOf(error);
    return trouble && new CodedError('installation', ...trouble, { cause: error });
  } catch (incomplete) {
    // The package itself can't be found, which is the greater trouble.
    if (isCoded(incomplete, 'installation')) return incomplete;
    throw incomplete;
  }
}

/**
 * Hears of promises that Node.js or a package leaves alone when a part of the program can't be loaded. Node.js 20 rejects
 * one for a package beneath the module that was imported, besides the import itself, which somebody waits for. The HTTP
 * client rejects one where it has no address space, and could do nothing after that.
 * @param onTrouble - is told of trouble that nobody else hears of, after which the process should end.
 */
export function hearAbandonedImports(onTrouble: (trouble: CodedError) => void): void {
  process.on('unhandledRejection', (reason) => {
    const trouble = installationTrouble(reason);
    if (trouble && ['missing', 'not-loadable', 'no-room'].includes(trouble.code)) return;
    if (trouble?.code !== 'no-address-space') throw reason;
    onTrouble(trouble);
  });
}

function troubleOf(error: Error): readonly [code: string, sentence: string] | undefined {
  const { code, syscall, path } = factsOf(error);
  const [line = ''] = error.message.trim().split('\n');
  if (syscall === 'uv_cwd') {
    return [
      'no-folder',
      'The folder that this was started in is gone or closed to this user. Change into another one.',
    ];
  }
  if (code === 'EMFILE' || code === 'ENFILE') {
    const sentence = `The system lets too few files be open (${code}). Raise the limit: \`ulimit -n 1024\` does it for this terminal.`;
    return ['few-files', sentence];
  }
  if (error instanceof RangeError && line.startsWith('WebAssembly.')) {
    const sentence =
      'This process has too little address space for WebAssembly, without which it can neither ask nor fetch anything over ' +
      'the network. Set NODE_OPTIONS=--disable-wasm-trap-handler, which needs 10 GB less of it, or raise `ulimit -v`.';
    return ['no-address-space', sentence];
  }
  const unmapped = error.message.split('\n').find((line) => noRoomToLoad.test(line));
  if (unmapped !== undefined) {
    const part = unmapped
      .trim()
      .replace(/^ERR_DLOPEN_FAILED: /, '')
      .replace(/\.$/, '');
    const sentence =
      `There is too little address space or memory to load a part of the program (${part}). Raise \`ulimit -v\`, or give ` +
      'the process more memory; if neither is limited, its folder may be mounted with `noexec`, which forbids programs.';
    return ['no-room', sentence];
  }
  if (code === 'ERR_DLOPEN_FAILED' || line.startsWith('Could not load the "sharp" module')) {
    return ['not-loadable', `A part of the program can't be loaded: ${line.replace(/[.:]$/, '')}. ${installAgain()}`];
  }
  if (code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND') {
    const [, name = 'a module'] = /^Cannot find (?:package|module) '([^']+)'/.exec(line) ?? [];
    return [
      'missing',
      `A part of the program is missing: ${name}. ${isCompiled(name) ? buildAgain() : installAgain()}`,
    ];
  }
  if ((code === 'EACCES' || code === 'EPERM') && path?.startsWith(`${placeOfInstallation()}${sep}`)) {
    const sentence = `${path} can't be used (permission denied). Give this user the right to read ${placeOfInstallation()}, or install it anew as this user.`;
    return ['not-allowed', sentence];
  }
  return undefined;
}

/**
 * What the C library's loader says where it can't put a library into the address space: glibc, then musl. The memory that it
 * misses in a "static TLS block" is another, of a fixed size.
 */
const noRoomToLoad =
  /failed to map segment|cannot map |cannot (?:create|allocate) .*: cannot allocate memory|loading shared library .*: (?:out of memory|cannot allocate memory)/i;

/** Returns the facts that Node.js attaches to errors of modules and of the system. */
function factsOf(error: Error): Readonly<Record<'code' | 'syscall' | 'path', string | undefined>> {
  const text = (name: string) => {
    const value: unknown = Reflect.get(error, name);
    return typeof value === 'string' ? value : undefined;
  };
  return { code: text('code'), syscall: text('syscall'), path: text('path') };
}

function isCompiled(name: string): boolean {
  return name.startsWith(packageRoot()) && !name.includes('node_modules');
}

function buildAgain(): string {
  return `Run \`npm run build\` in ${packageRoot()}.`;
}

function installAgain(): string {
  return `Run \`npm ci\` in ${placeOfInstallation()}, on this machine and without --omit=optional.`;
}

/** Returns the folder in which npm installed this: the clone, or the folder whose node_modules has the package. */
function placeOfInstallation(): string {
  const root = packageRoot();
  const [place = root] = root.split(`${sep}node_modules${sep}`);
  return place === '' ? dirname(root) : place;
}
