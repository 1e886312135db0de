import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { DurationEstimate } from '../../src/jobs/duration-estimate.js';
import { LocalWorkshop, type LocalWorkshopOptions } from '../../src/jobs/local-workshop.js';
import { Yielding } from '../../src/jobs/yielding.js';
import type { JobProgress } from '../../src/works/progress.js';
import type { Task } from '../../src/works/works.js';
import { HeldJobs, readHeldJob, tinyResult } from './held-jobs.js';
import { durationsOfTests, numberOf, ownerOf, queuedJob, transferTask } from './some-jobs.js';
import { allowedSeconds, describeWorkshop } from './workshop-contract.js';

const log = pino({ level: process.env.TEST_LOG ?? 'silent' });

function localWorkshop(held: HeldJobs, options: Partial<LocalWorkshopOptions> = {}): LocalWorkshop {
  const workshop = new LocalWorkshop({
    compute: held,
    read: readHeldJob,
    durations: durationsOfTests(),
    checks: [],
    log,
    ...options,
  });
  workshop.listen(held.listener);
  return workshop;
}

describeWorkshop('the workshop on this machine', (held) =>
  localWorkshop(held, { yielding: new Yielding(60, { leastTurnMs: 0 }), maxSeconds: allowedSeconds }),
);

function progress(secondsLeft: number): JobProgress {
  return { epoch: 1, epochs: 100, at: { kind: 'pixels', width: 128, height: 128, found: 0 }, loss: 1, secondsLeft };
}

const longTask = transferTask(512, 400);
const longSeconds = Math.round(1000 * durationsOfTests().secondsOf(longTask)) / 1000;

/** Makes a workshop on this machine whose clock stands at `clock.now`, in seconds. */
function setUp({
  slots,
  durations = durationsOfTests(),
  sharedThreads,
}: {
  slots: number;
  durations?: DurationEstimate;
  sharedThreads?: number;
}) {
  const clock = { now: 0 };
  const held = new HeldJobs(slots, sharedThreads);
  const queue = localWorkshop(held, { durations, now: () => clock.now * 1000 });
  const times = () =>
    queue.places().map(({ job, startsAt, endsAt }) => [job.id, startsAt / 1000, endsAt / 1000] as const);
  return { queue, clock, held, times };
}

describe('the estimates of the workshop on this machine', () => {
  it('play through the slots', async () => {
    const { queue, clock, times } = setUp({ slots: 2 });
    clock.now = 100;
    await queue.take(queuedJob('ann-1'));
    clock.now = 110;
    await queue.take(queuedJob('ben-1'));
    await queue.take(queuedJob('cid-1', longTask));
    for (const id of ['dan-1', 'eve-1', 'fay-1']) await queue.take(queuedJob(id));
    expect(times()).toEqual([
      ['ann-1', 100, 115],
      ['ben-1', 110, 125],
      ['cid-1', 115, 115 + longSeconds],
      ['dan-1', 125, 140],
      ['eve-1', 140, 155],
      ['fay-1', 155, 170],
    ]);
  });

  it('reckon with it that jobs share threads: two take half as long again as each would alone', async () => {
    const { queue, held, times } = setUp({ slots: 2, sharedThreads: 2 });
    const endOf = (id: string) => queue.estimateEnd(queuedJob(id)) / 1000;
    expect(endOf('ann-1')).toBe(15);
    await queue.take(queuedJob('ann-1'));
    expect(endOf('ben-1')).toBe(22.5);
    await queue.take(queuedJob('ben-1'));
    (await held.running('ann-1')).report(progress(21));
    (await held.running('ben-1')).report(progress(26));
    expect(endOf('cid-1')).toBe(45);
    for (const id of ['cid-1', 'dan-1', 'eve-1']) await queue.take(queuedJob(id));
    expect(times().slice(2)).toEqual([
      ['cid-1', 22.5, 45],
      ['dan-1', 27.5, 50],
      ['eve-1', 45, 67.5],
    ]);
    expect(endOf('fay-1')).toBe(72.5);
  });

  it('tell when a new job would end, where its owner’s turn would come', async () => {
    const { queue } = setUp({ slots: 1 });
    const endOf = (id: string) => queue.estimateEnd(queuedJob(id)) / 1000;
    expect(endOf('ann-1')).toBe(15);
    for (const id of ['ann-1', 'ann-2', 'ann-3']) await queue.take(queuedJob(id));
    expect(endOf('ben-1')).toBe(30);
    expect(endOf('ann-4')).toBe(60);
    expect(queue.estimateEnd(queuedJob('ben-1', longTask))).toBe(15_000 + 1000 * longSeconds);
    await queue.take(queuedJob('ben-1'));
    expect(queue.place('ben-1')?.endsAt).toBe(30_000);
    expect(endOf('ben-2')).toBe(60);
  });

  it('follow what is reported, and leave time for the files', async () => {
    const { queue, clock, held, times } = setUp({ slots: 1 });
    await queue.take(queuedJob('ann-1'));
    await queue.take(queuedJob('ben-1'));
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
    await queue.take(queuedJob('ann-1'));
    await queue.take(queuedJob('ben-1'));
    expect(queue.place('ben-1')?.startsAt).toBe(15_000);
    clock.now = 30;
    expect(times()).toEqual([
      ['ann-1', 0, 31],
      ['ben-1', 31, 46],
    ]);
    clock.now = 40;
    expect(queue.estimateEnd(queuedJob('cid-1'))).toBe(71_000);
  });

  it('have a long job pause on a slow machine, too, where a standard picture takes minutes', async () => {
    const durations = new DurationEstimate();
    durations.record(transferTask(), 300);
    const { queue, clock, held } = setUp({ slots: 1, durations });
    await queue.take(queuedJob('zoe-1', transferTask(1024, 1500)));
    const long = await held.running('zoe-1');
    await queue.take(queuedJob('ann-1'));
    expect(queue.place('ann-1')?.startsAt).toBeLessThanOrEqual(10_000);
    clock.now = 10;
    long.report(progress(10_000));
    await held.running('ann-1');
    expect(long.isPaused).toBe(true);
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
    for (let index = 0; index <= 500; index++) await queue.take(queuedJob(`person${index}-1`));
    for (let index = 1; index <= 500; index++) expect(queue.place(`person${index}-1`)?.position).toBe(index);
    expect(durations.estimates).toBe(501);
  });
});

describe('the workshop on this machine', () => {
  it('counts a job as running while it is performed', async () => {
    const states: (string | undefined)[] = [];
    const held = new HeldJobs(1);
    const queue = localWorkshop(held);
    queue.listen({
      ...held.listener,
      begun: (id) => {
        states.push(queue.place(id)?.state);
        return true;
      },
    });
    await queue.take(queuedJob('ann-1'));
    await held.finish('ann-1');
    await queue.close(60_000);
    expect(states).toEqual(['running']);
  });

  it('lets go of a job that has an outcome when its turn comes', async () => {
    const held = new HeldJobs(1);
    const queue = localWorkshop(held);
    queue.listen({ ...held.listener, begun: (id) => id !== 'ann-1' && held.listener.begun(id) });
    await queue.take(queuedJob('ann-1'));
    await queue.take(queuedJob('ben-1'));
    await held.finish('ben-1');
    expect(held.begun).toEqual(['ben-1']);
  });

  it('never computes what is stopped in the moment in which it begins', async () => {
    const { queue, held } = setUp({ slots: 1 });
    await Promise.all([queue.take(queuedJob('ann-1')), queue.stop('ann-1', () => {})]);
    await queue.take(queuedJob('ann-2'));
    await held.running('ann-2');
    expect(held.begun).toEqual(['ann-2']);
  });

  it('stops all that runs when it is closed, and leaves what waits', async () => {
    const { queue, held } = setUp({ slots: 3 });
    for (const id of ['ann-1', 'ben-1', 'cid-1', 'dan-1']) await queue.take(queuedJob(id));
    const { signal } = await held.running('cid-1');
    const stopped = new Promise((resolve) => signal.addEventListener('abort', resolve));
    const closed = queue.close(0);
    await stopped;
    await held.finish('ann-1', 'ben-1', 'cid-1');
    await closed;
    expect(held.suspended).toEqual(['ann-1', 'ben-1', 'cid-1']);
    expect(queue.places().map(({ job }) => job.id)).toEqual(['dan-1']);
  });

  it('forgets who has had how much once it has rested', async () => {
    const { queue, held } = setUp({ slots: 1 });
    await queue.take(queuedJob('ann-1', transferTask(512, 1000)));
    await held.finish('ann-1');
    await queue.stop('ann-1', () => {});
    for (const id of ['zoe-1', 'ann-2', 'ben-1']) await queue.take(queuedJob(id));
    expect(queue.places().map(({ job }) => job.id)).toEqual(['zoe-1', 'ann-2', 'ben-1']);
  });

  it('performs ten thousand jobs of a hundred people, in fair order and each once', async () => {
    let release = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const held = new HeldJobs(2);
    const queue = localWorkshop(held, {
      compute: {
        slots: 2,
        run: async () => {
          await gate;
          return tinyResult;
        },
        warm: async () => {},
        close: async () => {},
      },
    });
    const { begun } = held;
    await queue.take(queuedJob('zoe-1'));
    await queue.take(queuedJob('zoe-2'));
    for (let person = 0; person < 100; person++) {
      for (let number = 1; number <= 100; number++) await queue.take(queuedJob(`person${person}-${number}`));
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
