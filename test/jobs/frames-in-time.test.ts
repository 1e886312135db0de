import { describe, expect, it } from 'vitest';
import { type KnownTimes, taskInTime, tellingMarginMs } from '../../src/jobs/frames-in-time.js';
import type { StyleTransferTask } from '../../src/works/style-transfer.js';
import { framesOf, type Task } from '../../src/works/works.js';
import { walkingSquare } from '../works/walking-square.js';
import { acceptedJob } from './accepted-job.js';

const task: StyleTransferTask = { kind: 'style-transfer', transfer: { size: 64, epochs: 4 }, frames: 12 };

/** Times in which each frame takes ten seconds, after what is before it in the queue. */
function times({ maxSeconds, waitMs = 0 }: { maxSeconds?: number; waitMs?: number } = {}): KnownTimes {
  const secondsOf = (asked: Task) => 10 * framesOf(asked);
  return {
    durations: { secondsOf },
    workshop: { estimateEnd: ({ task: asked }) => waitMs + 1000 * secondsOf(asked) },
    maxSeconds,
  };
}

/** Returns how many frames a job is to have whose content has so many. */
async function framesFor(frames: number, known: KnownTimes, deadlineAt?: number): Promise<number> {
  const job = acceptedJob({ task });
  const reply = { ...job.reply, deadlineAt };
  return framesOf(await taskInTime({ ...job, reply }, async () => ({ bytes: walkingSquare(frames) }), known));
}

describe('a job whose content moves', () => {
  it('has as many frames as its content, up to what is allowed', async () => {
    expect(await framesFor(5, times())).toBe(5);
    expect(await framesFor(20, times())).toBe(12);
    expect(await framesFor(1, times())).toBe(1);
  });

  it('has as many as there is time for, and in the end one', async () => {
    expect(await framesFor(20, times({ maxSeconds: 75 }))).toBe(7);
    expect(await framesFor(20, times({ maxSeconds: 5 }))).toBe(1);
    const deadlineAt = 100_000 + tellingMarginMs;
    expect(await framesFor(20, times(), deadlineAt)).toBe(10);
    expect(await framesFor(20, times({ waitMs: 60_000 }), deadlineAt)).toBe(4);
    expect(await framesFor(20, times({ maxSeconds: 25 }), deadlineAt)).toBe(2);
  });
});
