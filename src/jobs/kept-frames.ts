import type { FrameKeeper } from '../works/work.js';
import { framesOf, type Task } from '../works/works.js';
import type { DiskPatience } from './disk-trouble.js';
import type { JobFiles } from './job-files.js';

/** Returns the name of the file that a frame is kept in until its job is over. */
export function frameName(index: number): string {
  return `frame-${index}.png`;
}

/** Returns the names of all files that the frames of a task may be kept in. */
export function frameNames(task: Task): readonly string[] {
  const frames = framesOf(task);
  return frames > 1 ? Array.from({ length: frames }, (_, index) => frameName(index)) : [];
}

/**
 * Keeps painted frames among the files of their job. While the disk is full, it waits for room.
 * @param signal - ends the waiting: the job is stopped.
 */
export function framesAmong(files: JobFiles, patience: DiskPatience, jobId: string, signal: AbortSignal): FrameKeeper {
  const onDisk = <Result>(step: () => Promise<Result>) => patience.through(jobId, step, signal);
  return {
    get: (index) =>
      onDisk(async () => {
        const name = frameName(index);
        return (await files.has(jobId, name)) ? files.get(jobId, name) : undefined;
      }),
    put: (index, file) => onDisk(() => files.put(jobId, frameName(index), file)),
  };
}
