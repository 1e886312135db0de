import { describe, expect, it } from 'vitest';
import { DurationEstimate } from '../../src/jobs/duration-estimate.js';
import { EmbeddedQueue } from '../../src/jobs/embedded-queue.js';
import type { JobProgress } from '../../src/works/progress.js';
import type { Task } from '../../src/works/works.js';
import { HeldJobs } from './held-jobs.js';
import { describeJobQueue } from './job-queue-contract.js';
import { numberOf, ownerOf, queuedJob, transferTask } from './some-jobs.js';

describeJobQueue('the embedded queue', (parts) => new EmbeddedQueue(parts));

function fail(error: unknown): never {
  throw error;
}

function progress(secondsLeft: number): JobProgress {
  return { epoch: 1, epochs: 100, at: { kind: 'pixels', width: 128, height: 128, found: 0 }, loss: 1, secondsLeft };
}

const longTask = transferTask(512, 400);
const longSeconds = Math.round(1000 * new DurationEstimate().secondsOf(longTask)) / 1000;

/** A queue whose clock stands at `clock.now`, in seconds. */
function setUp({ slots, durations = new DurationEstimate() }: { slots: number; durations?: DurationEstimate }) {
  const clock = { now: 0 };
  const held = new HeldJobs();
  const queue = new EmbeddedQueue({
    slots,
    durations,
    perform: held.perform,
    onChange: () => {},
    onFault: fail,
    now: () => clock.now * 1000,
  });
  const times = () =>
    queue.places().map(({ job, startsAt, endsAt }) => [job.id, startsAt / 1000, endsAt / 1000] as const);
  return { queue, clock, held, times };
}

describe('the estimates of the embedded queue', () => {
  it('play through the slots', async () => {
    const { queue, clock, times } = setUp({ slots: 2 });
    clock.now = 100;
    await queue.add(queuedJob('ann-1'));
    clock.now = 110;
    await queue.add(queuedJob('ben-1'));
    await queue.add(queuedJob('cid-1', longTask));
    for (const id of ['dan-1', 'eve-1', 'fay-1']) await queue.add(queuedJob(id));
    expect(times()).toEqual([
      ['ann-1', 100, 115],
      ['ben-1', 110, 125],
      ['cid-1', 115, 115 + longSeconds],
      ['dan-1', 125, 140],
      ['eve-1', 140, 155],
      ['fay-1', 155, 170],
    ]);
  });

  it('tell when a new job would end, where its owner’s turn would come', async () => {
    const { queue } = setUp({ slots: 1 });
    const endOf = (id: string) => queue.estimateEnd(queuedJob(id)) / 1000;
    expect(endOf('ann-1')).toBe(15);
    for (const id of ['ann-1', 'ann-2', 'ann-3']) await queue.add(queuedJob(id));
    expect(endOf('ben-1')).toBe(30);
    expect(endOf('ann-4')).toBe(60);
    expect(queue.estimateEnd(queuedJob('ben-1', longTask))).toBe(15_000 + 1000 * longSeconds);
    await queue.add(queuedJob('ben-1'));
    expect(queue.place('ben-1')?.endsAt).toBe(30_000);
    expect(endOf('ben-2')).toBe(60);
  });

  it('follow what is reported, and leave time for the files', async () => {
    const { queue, clock, held, times } = setUp({ slots: 1 });
    await queue.add(queuedJob('ann-1'));
    await queue.add(queuedJob('ben-1'));
    const { report } = await held.running('ann-1');
    clock.now = 5;
    report(progress(20));
    expect(times()).toEqual([
      ['ann-1', 0, 26.5],
      ['ben-1', 26.5, 41.5],
    ]);
    clock.now = 20;
    report(progress(0.5));
    clock.now = 21;
    expect(queue.place('ben-1')).toMatchObject({ startsAt: 22_000, endsAt: 37_000 });
  });

  it('never lie in the past', async () => {
    const { queue, clock, times } = setUp({ slots: 1 });
    await queue.add(queuedJob('ann-1'));
    await queue.add(queuedJob('ben-1'));
    expect(queue.place('ben-1')?.startsAt).toBe(15_000);
    clock.now = 30;
    expect(times()).toEqual([
      ['ann-1', 0, 31],
      ['ben-1', 31, 46],
    ]);
    clock.now = 40;
    expect(queue.estimateEnd(queuedJob('cid-1'))).toBe(71_000);
  });

  it('are made once for all who ask', async () => {
    const durations = new (class extends DurationEstimate {
      estimates = 0;
      override secondsOf(task: Task): number {
        this.estimates++;
        return super.secondsOf(task);
      }
    })();
    const { queue } = setUp({ slots: 1, durations });
    for (let index = 0; index <= 500; index++) await queue.add(queuedJob(`person${index}-1`));
    for (let index = 1; index <= 500; index++) expect(queue.place(`person${index}-1`)?.position).toBe(index);
    expect(durations.estimates).toBe(501);
  });
});

describe('the embedded queue', () => {
  it('counts a job as running while it is performed', async () => {
    const states: (string | undefined)[] = [];
    const queue: EmbeddedQueue = new EmbeddedQueue({
      slots: 1,
      durations: new DurationEstimate(),
      perform: async ({ id }) => void states.push(queue.place(id)?.state),
      onChange: () => {},
      onFault: fail,
    });
    await queue.add(queuedJob('ann-1'));
    await queue.close();
    expect(states).toEqual(['running']);
  });

  it('never performs what is cancelled in the moment in which it begins', async () => {
    const { queue, held } = setUp({ slots: 1 });
    await Promise.all([queue.add(queuedJob('ann-1')), queue.cancel('ann-1', 'changed my mind')]);
    await queue.add(queuedJob('ann-2'));
    await held.running('ann-2');
    expect(held.begun).toEqual(['ann-2']);
  });

  it('stops all that runs when each is cancelled and it is closed', async () => {
    const { queue, held } = setUp({ slots: 3 });
    for (const id of ['ann-1', 'ben-1', 'cid-1', 'dan-1']) await queue.add(queuedJob(id));
    const running = queue.places().filter(({ state }) => state === 'running');
    const closed = queue.close();
    const cancelled = running.map(({ job }) => queue.cancel(job.id, 'shutdown'));
    await held.finish('ann-1', 'ben-1', 'cid-1');
    expect(await Promise.all(cancelled)).toEqual([true, true, true]);
    await closed;
    expect(queue.places().map(({ job }) => job.id)).toEqual(['dan-1']);
  });

  it('forgets who has had how much once it has rested', async () => {
    const { queue, held } = setUp({ slots: 1 });
    await queue.add(queuedJob('ann-1', transferTask(512, 1000)));
    await held.finish('ann-1');
    await queue.cancel('ann-1', 'to know that it has left');
    for (const id of ['zoe-1', 'ann-2', 'ben-1']) await queue.add(queuedJob(id));
    expect(queue.places().map(({ job }) => job.id)).toEqual(['zoe-1', 'ann-2', 'ben-1']);
  });

  it('performs ten thousand jobs of a hundred people, in fair order and each once', async () => {
    const begun: string[] = [];
    let release = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const queue = new EmbeddedQueue({
      slots: 2,
      durations: new DurationEstimate(),
      perform: async ({ id }) => {
        begun.push(id);
        await gate;
      },
      onChange: () => {},
      onFault: fail,
    });
    await queue.add(queuedJob('zoe-1'));
    await queue.add(queuedJob('zoe-2'));
    for (let person = 0; person < 100; person++) {
      for (let number = 1; number <= 100; number++) await queue.add(queuedJob(`person${person}-${number}`));
    }
    expect(queue.place('person99-100')?.position).toBe(10_000);
    release();
    while (queue.places().length > 0) await new Promise(setImmediate);
    const rounds = begun.slice(2).map(numberOf);
    expect(rounds).toEqual(rounds.toSorted((a, b) => a - b));
    expect(new Set(begun).size).toBe(10_002);
    expect(new Set(begun.slice(2, 102).map(ownerOf)).size).toBe(100);
  });
});
