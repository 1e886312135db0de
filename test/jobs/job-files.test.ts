import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { newJobId } from '../../src/jobs/job.js';
import { JobFiles } from '../../src/jobs/job-files.js';

const folder = mkdtempSync(join(tmpdir(), 'whitewalker-job-files-'));

afterAll(() => rmSync(folder, { recursive: true }));

function setUp() {
  const path = join(mkdtempSync(join(folder, 'data-')), 'jobs');
  return { path, files: new JobFiles(path), id: newJobId() };
}

const bytes = Uint8Array.of(0, 255, 13, 10);

describe("a job's file", () => {
  it('is kept until the job is removed', async () => {
    const { path, files, id } = setUp();
    const other = newJobId();
    await files.put(id, 'content', bytes);
    await files.put(id, 'result.png', new Uint8Array());
    await files.put(other, 'content', Uint8Array.of(1));
    const later = new JobFiles(path);
    expect(new Uint8Array(await later.get(id, 'content'))).toEqual(bytes);
    expect(await later.get(id, 'result.png')).toHaveLength(0);
    expect(await later.has(id, 'content')).toBe(true);
    expect(await later.has(id, 'style')).toBe(false);
    expect((await later.list()).toSorted()).toEqual([id, other].toSorted());
    await later.remove(id);
    await later.remove(id);
    expect(await later.has(id, 'content')).toBe(false);
    expect(await later.list()).toEqual([other]);
  });

  it('takes the place of the one before as a whole, also where several are put at once', async () => {
    const { path, files, id } = setUp();
    const versions = Array.from({ length: 20 }, (_, version) => new Uint8Array(50_000).fill(version));
    await files.put(id, 'content', new Uint8Array(10));
    await Promise.all(versions.map((version) => files.put(id, 'content', version)));
    const kept = new Uint8Array(await files.get(id, 'content'));
    expect(versions).toContainEqual(kept);
    expect(readdirSync(join(path, id))).toEqual(['content']);
  });

  it('leaves nothing behind where it can not be put', async () => {
    const { path, files, id } = setUp();
    mkdirSync(join(path, id, 'content', 'in-the-way'), { recursive: true });
    await expect(files.put(id, 'content', bytes)).rejects.toThrow();
    expect(readdirSync(join(path, id))).toEqual(['content']);
  });

  it('can be read by the owner of the process alone', async () => {
    const { path, files, id } = setUp();
    await files.put(id, 'content', bytes);
    if (process.platform !== 'win32') expect(statSync(join(path, id, 'content')).mode & 0o777).toBe(0o600);
  });

  it('can be copied to another job, which keeps it when the first is removed', async () => {
    const { files, id } = setUp();
    const copy = newJobId();
    await files.put(id, 'style', bytes);
    await files.copy(id, 'style', copy, 'style-2');
    await files.remove(id);
    expect(new Uint8Array(await files.get(copy, 'style-2'))).toEqual(bytes);
  });

  it('that is missing has an error of its own', async () => {
    const { files, id } = setUp();
    const missing = { key: 'job-files/missing', context: { jobId: id, fileName: 'content' } };
    await expect(files.get(id, 'content')).rejects.toMatchObject(missing);
    await expect(files.copy(id, 'content', newJobId(), 'content')).rejects.toMatchObject(missing);
    expect(await files.list()).toEqual([]);
  });

  it('is listed under its job, and nothing else is', async () => {
    const { path, files, id } = setUp();
    await files.put(id, 'content', bytes);
    writeFileSync(join(path, 'notes.txt'), '');
    expect(await files.list()).toEqual([id]);
  });

  it.each([
    '../secrets',
    '..',
    '.',
    '',
    'a/b',
    'a\\b',
    '.content',
    'Content',
    'content\n',
    'content\0',
    'con tent',
    'result.png.exe',
    'result.',
    '-rf',
    'C:',
  ])('is refused under the name %j', async (name) => {
    const { files, id } = setUp();
    await expect(files.put(id, name, bytes)).rejects.toThrow(RangeError);
    await expect(files.get(id, name)).rejects.toThrow(RangeError);
    await expect(files.has(id, name)).rejects.toThrow(RangeError);
    await expect(files.copy(id, name, newJobId(), name)).rejects.toThrow(RangeError);
    expect(await files.list()).toEqual([]);
  });

  it.each([
    '',
    '..',
    '../../etc',
    'ABCDEFABCDEFABCDEFAB',
    '0123456789abcdef012',
    '0123456789abcdef0123\n',
    'x'.repeat(20),
  ])('is refused for a job called %j', async (jobId) => {
    const { files, id } = setUp();
    await expect(files.put(jobId, 'content', bytes)).rejects.toThrow(RangeError);
    await expect(files.get(jobId, 'content')).rejects.toThrow(RangeError);
    await expect(files.copy(id, 'content', jobId, 'content')).rejects.toThrow();
    await expect(files.remove(jobId)).rejects.toThrow(RangeError);
  });
});
