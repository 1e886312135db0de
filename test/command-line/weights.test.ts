import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, rmdir, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Deferred } from '../../src/deferred.js';
import { loadNetwork } from '../../src/engine/weights/network.js';
import { randomNetwork } from '../../src/engine/weights/random-network.js';
import { readSafetensors } from '../../src/engine/weights/safetensors.js';
import { packageRoot } from '../../src/package-root.js';
import { FileServer } from '../engine/weights/file-server.js';
import { writeKerasFile } from '../engine/weights/keras-file.js';
import { folderWithPictures, type Run, type RunOptions, requireBuild, whitewalker } from './program.js';
import { ProgramHost } from './program-host.js';

const file = 'vgg19_weights_tf_dim_ordering_tf_kernels_notop.h5';
const network = randomNetwork('vgg19', 3, { upTo: 'relu2_1' });

/** Folder of an installation of its own, whose manifest names this test's server as the source of weights. */
let home: string;
let pictures: string;
let published: Buffer;
let server: FileServer;
let host: ProgramHost;

beforeAll(async () => {
  requireBuild();
  home = await mkdtemp(join(tmpdir(), 'whitewalker-home-'));
  pictures = await folderWithPictures();
  const root = packageRoot();
  for (const part of ['package.json', 'dist/src', 'dist/commands', 'weights/vgg19-lite.safetensors']) {
    await cp(join(root, part), join(home, part), { recursive: true });
  }
  await symlink(join(root, 'node_modules'), join(home, 'node_modules'), 'junction');
  await mkdir(join(home, 'fetched'));
  await writeKerasFile(join(home, 'fetched', file), network.convolutions);
  published = await readFile(join(home, 'fetched', file));
  host = new ProgramHost(pictures, { home });
});
afterAll(async () => {
  await host.end();
  await rm(home, { recursive: true });
  await rm(pictures, { recursive: true });
});

const inWeights = (name: string) => join(home, 'weights', name);
/** Lists the files in the folder of weights that an installation does not have from the beginning. */
const traces = async () =>
  (await readdir(join(home, 'weights'))).filter((name) => name !== 'manifest.json' && !name.startsWith('vgg19-lite'));

beforeEach(async () => {
  server = await FileServer.start();
  for (const name of await traces()) await rm(inWeights(name), { recursive: true });
  const manifest = JSON.parse(await readFile(join(packageRoot(), 'weights', 'manifest.json'), 'utf8'));
  manifest.vgg19.sources = [`${server.origin}/first/${file}`, `${server.origin}/second/${file}`];
  manifest.vgg19.bytes = published.length;
  manifest.vgg19.md5 = createHash('md5').update(published).digest('hex');
  await writeFile(inWeights('manifest.json'), JSON.stringify(manifest));
});

/** Runs the program that has this test's server as its source; as a process of its own where that is watched. */
function run(
  args: readonly string[],
  { environment = {}, watch }: Pick<RunOptions, 'environment' | 'watch'> = {},
): Promise<Run> {
  if (watch === undefined) return host.run(args, environment);
  return whitewalker(pictures, args, { program: join(home, 'dist', 'src', 'main.js'), environment, watch });
}
const weights = (args: readonly string[], options: RunOptions = {}) => run(['weights', ...args], options);

/** Returns the name of the network that paints a picture, or what the program says instead. */
async function paintedBy(environment: Readonly<Record<string, string>> = {}): Promise<unknown> {
  const args = ['stylize', 'content.jpg', 'style.png', '--size', '32', '--epochs', '1', '--out', 'out.png', '--json'];
  const { stdout, stderr } = await run(args, { environment });
  return stdout === '' ? stderr : JSON.parse(stdout).network;
}

/** Serves half of a file with the connection left open, and the whole file next; returns the size of the half. */
function serveHalf({ first = published, etag }: { first?: Buffer; etag?: string } = { etag: '"1"' }): number {
  const sendOnly = Math.ceil(published.length / 2);
  server.file(first, { etag, sendOnly, ending: 'hang' }).file(published, { etag });
  return sendOnly;
}

/** Returns a watcher that acts once, when a program has written something that matches the pattern. */
function once(pattern: RegExp, action: (pid: number) => void): NonNullable<RunOptions['watch']> {
  let isDone = false;
  return (stderr, child) => {
    if (isDone || !pattern.test(stderr)) return;
    isDone = true;
    action(child.pid ?? 0);
  };
}

/** Returns a watcher that acts once half of the file has arrived. */
const whenHalf = (action: (pid: number) => void) => once(/\(50 %\)/, action);

describe('whitewalker weights', () => {
  it('fetches, converts and vouches for a network, once', async () => {
    server.file(published);
    const first = await weights(['download', 'vgg19']);
    expect(first.code, first.stderr).toBe(0);
    expect(first.stdout).toContain('vgg19 is ready');
    expect(first.stderr).toContain('(100 %)');
    expect(first.stderr).toContain('Licence: Creative Commons Attribution');

    expect(await traces()).toEqual(['vgg19.safetensors', 'vgg19.safetensors.sha256']);
    const path = inWeights('vgg19.safetensors');
    expect((await loadNetwork(path)).digest).toBe(network.digest);
    const { metadata } = await readSafetensors(path);
    expect(metadata.get('licence')).toContain('Creative Commons Attribution');
    const sha256 = createHash('sha256')
      .update(await readFile(path))
      .digest('hex');
    expect(await readFile(`${path}.sha256`, 'utf8')).toBe(`${sha256}  vgg19.safetensors\n`);

    const second = await weights(['download', 'vgg19']);
    expect(second.stdout).toContain('there already');
    expect(server.requests).toHaveLength(1);
    expect(await weights(['verify'])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^vgg19: ok.*\nvgg19-lite: ok/),
    });
    const list = await weights(['list']);
    expect(list.stdout).toMatch(/VGG19 +here, 0\.5 MB, the first 3 of 16 .*\nVGG16 +not here.* weights download vgg16/);

    const args = [
      'stylize',
      'content.jpg',
      'style.png',
      '--size',
      '32',
      '--epochs',
      '1',
      '--out',
      'vgg19.png',
      '--json',
    ];
    const painted = await run(args, { environment: { NETWORK: 'vgg19' } });
    expect(JSON.parse(painted.stdout)).toMatchObject({ network: 'vgg19' });
    // VGG19 is installed, but nothing asks for it and no GPU computes, so VGG19-lite still paints.
    expect(await paintedBy()).toBe('vgg19-lite');
  });

  it('asks the mirror first, and the other sources where that fails', async () => {
    server.status(404).file(Buffer.from('<html>Sign in</html>'), { contentType: 'text/html' }).file(published);
    const { code, stderr } = await weights(['download', 'vgg19'], {
      environment: { WEIGHTS_MIRROR: `${server.origin}/mirror/` },
    });
    expect(code, stderr).toBe(0);
    expect(server.requests.map(({ path }) => path)).toEqual([`/mirror/${file}`, `/first/${file}`, `/second/${file}`]);
    expect(stderr).toContain('has no such file (status 404)');
    expect(stderr).toContain('sent a web page');
  });

  it.each([
    ['no such file', () => server.status(404), 'has no such file'],
    ['a web page', () => server.file(Buffer.from('<!doctype html>'), { contentType: 'text/html' }), 'sent a web page'],
    ['other bytes', () => server.file(Buffer.from(published).fill(7, 5000, 5001)), 'expected is'],
    ['a cut file', () => server.file(published.subarray(0, 99_999)), 'has a file of 99999 bytes'],
    ['not allowed', () => server.status(403), 'answered with status 403'],
  ])('says what is wrong with every source and what to do, and leaves nothing: %s', async (_, misbehave, expected) => {
    misbehave();
    const { code, stdout, stderr } = await weights(['download', 'vgg19']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    const message = stderr.slice(stderr.indexOf('whitewalker: vgg19: could not be downloaded'));
    expect(message.split(expected)).toHaveLength(3);
    expect(message).toContain(`fetch ${file} by hand from ${server.origin}/first/${file}`);
    expect(message).toContain(`npx whitewalker weights import ${file}`);
    expect(await traces()).toEqual([]);
  });

  it('goes on where Ctrl-C stopped it', async () => {
    const half = serveHalf();
    const watch = whenHalf((pid) => process.kill(pid, 'SIGINT'));
    const first = await weights(['download', 'vgg19'], { watch });
    expect(first.code, first.stderr).toBe(130);
    expect(first.stderr).toContain('the same command goes on from there');
    expect((await readFile(inWeights(`${file}.part`))).length).toBe(half);
    expect(await traces()).toEqual([`${file}.part`, `${file}.part.json`]);

    const second = await weights(['download', 'vgg19']);
    expect(second.code, second.stderr).toBe(0);
    expect(server.requests[1]).toMatchObject({ range: `bytes=${half}-`, ifRange: '"1"' });
    expect(server.bytesSent).toBe(published.length);
    expect((await weights(['verify', 'vgg19'])).code).toBe(0);
    expect(await traces()).toEqual(['vgg19.safetensors', 'vgg19.safetensors.sha256']);
  });

  it('goes on where it was killed, and takes its lock over', async () => {
    const half = serveHalf();
    await weights(['download', 'vgg19'], { watch: whenHalf((pid) => process.kill(pid, 'SIGKILL')) });
    expect(await traces()).toContain('vgg19.safetensors.lock');
    const second = await weights(['download', 'vgg19']);
    expect(second.code, second.stderr).toBe(0);
    expect(second.stderr).not.toContain('waiting');
    expect(server.requests[1]?.range).toBe(`bytes=${half}-`);
    expect(await traces()).toEqual(['vgg19.safetensors', 'vgg19.safetensors.sha256']);
  });

  it('begins anew where what was left is of another file', async () => {
    // Without an ETag, only the digest shows that the two halves are of different files.
    const half = serveHalf({ first: Buffer.from(published).fill(7, 0, 1000) });
    await weights(['download', 'vgg19'], { watch: whenHalf((pid) => process.kill(pid, 'SIGINT')) });
    const second = await weights(['download', 'vgg19']);
    expect(second.code, second.stderr).toBe(0);
    expect(server.requests.map(({ range }) => range)).toEqual([undefined, `bytes=${half}-`, undefined]);
  });

  it('lets a second process wait for the first, and have what it has fetched', async () => {
    const rest = new Deferred<void>();
    server.answers.push((_, response) => {
      response.writeHead(200, { 'content-length': published.length });
      response.write(published.subarray(0, 100_000));
      void rest.promise.then(() => response.end(published.subarray(100_000)));
    });
    let second: ReturnType<typeof weights> | undefined;
    const first = await weights(['download', 'vgg19'], {
      watch: once(/\(20 %\)/, () => {
        second = weights(['download', 'vgg19'], { watch: once(/waiting for it/, () => rest.resolve()) });
      }),
    });
    expect(first.code, first.stderr).toBe(0);
    expect(await second).toMatchObject({ code: 0, stdout: expect.stringContaining('there already') });
    expect(server.requests).toHaveLength(1);
    expect(await traces()).toEqual(['vgg19.safetensors', 'vgg19.safetensors.sha256']);
  });

  it('lets a second process go on where the first gives up', async () => {
    const half = serveHalf();
    let second: ReturnType<typeof weights> | undefined;
    const first = await weights(['download', 'vgg19'], {
      watch: whenHalf((pid) => {
        second = weights(['download', 'vgg19'], {
          watch: once(new RegExp(`\\(${pid}\\)`), () => process.kill(pid, 'SIGINT')),
        });
      }),
    });
    expect(first.code).toBe(130);
    const { code, stderr } = (await second) ?? expect.fail('no second process');
    expect(code, stderr).toBe(0);
    expect(server.requests.map(({ range }) => range)).toEqual([undefined, `bytes=${half}-`]);
    expect(server.bytesSent).toBe(published.length);
  });

  it.skipIf(process.platform === 'win32')('says that there is no more room, and goes on once there is', async () => {
    server.file(published, { etag: '"1"' });
    // The shell limits files to 100 KiB; writing more fails as on a full disk.
    const limited = 'trap \'\' XFSZ; ulimit -f 100; exec "$0" "$@"';
    const program = join(home, 'dist', 'src', 'main.js');
    const child = spawn('bash', ['-c', limited, process.execPath, program, 'weights', 'download', 'vgg19'], {
      cwd: pictures,
      env: { PATH: process.env.PATH },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect(stderr).toMatch(/larger than files may be.*ulimit -f.*Then try again/);
    expect(code).toBe(1);
    expect(await traces()).toEqual([`${file}.part`, `${file}.part.json`]);

    expect(await weights(['download', 'vgg19'])).toMatchObject({ code: 0 });
    expect(server.requests[1]?.range).toBe(`bytes=${100 * 1024}-`);
  });

  it('finds what was damaged, and fetches it again', async () => {
    server.file(published);
    await weights(['download', 'vgg19']);
    const path = inWeights('vgg19.safetensors');
    const bytes = await readFile(path);
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
    await writeFile(path, bytes);
    const { code, stdout } = await weights(['verify', 'vgg19']);
    expect(code).toBe(1);
    expect(await paintedBy()).toBe('vgg19-lite');
    expect(stdout).toContain('it was changed or damaged. Fetch it again: npx whitewalker weights download vgg19');
    expect(await weights(['download', 'vgg19'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('is ready'),
    });
    expect((await weights(['verify'])).code).toBe(0);
  });

  it('takes in a file that was fetched by hand', async () => {
    const fetched = join(home, 'fetched', file);
    const unnamed = await weights(['import', fetched]);
    expect(unnamed).toMatchObject({ code: 1, stderr: expect.stringContaining('--network vgg19') });
    const named = await weights(['import', fetched, '--network', 'vgg19']);
    expect(named.code, named.stderr).toBe(0);
    expect((await loadNetwork(inWeights('vgg19.safetensors'))).digest).toBe(network.digest);
    expect(await weights(['verify', 'vgg19'])).toMatchObject({ code: 0 });
  });

  it('leaves weights and digest as they were where not both can be written', async () => {
    const fetched = join(home, 'fetched', file);
    await weights(['import', fetched, '--network', 'vgg19']);
    const before = await readFile(inWeights('vgg19.safetensors'));
    await mkdir(inWeights('vgg19.safetensors.sha256.new'));
    const other = join(home, 'fetched', 'other.h5');
    await writeKerasFile(other, randomNetwork('vgg19', 4, { upTo: 'relu2_1' }).convolutions);
    const failed = await weights(['import', other, '--network', 'vgg19']);
    await rmdir(inWeights('vgg19.safetensors.sha256.new'));
    expect(failed).toMatchObject({ code: 1, stderr: expect.stringContaining('cannot be written (it is a folder)') });
    expect(await readFile(inWeights('vgg19.safetensors'))).toEqual(before);
    expect((await weights(['verify', 'vgg19'])).code).toBe(0);
  });

  it('does not import the file that is used already, nor what holds no weights', async () => {
    await weights(['import', join(home, 'fetched', file), '--network', 'vgg19']);
    await symlink(inWeights('vgg19.safetensors'), join(home, 'fetched', 'link.safetensors'));
    const used = await weights(['import', join(home, 'fetched', 'link.safetensors')]);
    expect(used).toMatchObject({ code: 1, stderr: expect.stringContaining('read from already') });
    const photograph = await weights(['import', join(pictures, 'content.jpg')]);
    expect(photograph).toMatchObject({ code: 1, stderr: expect.stringContaining('this is no file of weights') });
    expect(photograph.stderr).not.toContain('header');
  });

  it('refuses what makes no sense, and names the command where weights are missing', async () => {
    expect(await weights(['download', 'resnet'])).toMatchObject({ code: 2, stderr: expect.stringContaining('vgg19') });
    const included = await weights(['download', 'vgg19-lite']);
    expect(included).toMatchObject({ code: 1, stderr: expect.stringContaining('comes with the program') });
    const replaced = await weights(['import', inWeights('vgg19-lite.safetensors')]);
    expect(replaced).toMatchObject({ code: 1, stderr: expect.stringContaining('is not replaced') });
    expect(await weights(['verify', 'vgg16'])).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('is not here'),
    });
    const missing = await run(['stylize', 'content.jpg', 'style.png', '--network', 'vgg19']);
    expect(missing.code).toBe(2);
    expect(missing.stderr).toContain('Fetch them with `npx whitewalker weights download vgg19`');
  });
});
