import { describe, expect, it, vi } from 'vitest';
import { DurationEstimate } from '../../src/jobs/duration-estimate.js';
import type { EmbeddedQueueOptions } from '../../src/jobs/embedded-queue.js';
import type { JobQueue } from '../../src/jobs/job-queue.js';
import { HeldJobs } from './held-jobs.js';
import { jobIds, numberOf, ownerOf, queuedJob, transferTask } from './some-jobs.js';

/** What a queue is made of, whichever it is. */
export type QueueParts = Omit<EmbeddedQueueOptions, 'now'>;

/** What every {@link JobQueue} must do. `create` makes a queue that holds nothing, for one test. */
export function describeJobQueue(name: string, create: (parts: QueueParts) => JobQueue | Promise<JobQueue>): void {
  async function setUp({ slots }: { readonly slots: number }) {
    const held = new HeldJobs();
    const faults: unknown[] = [];
    const changes = { count: 0 };
    const queue = await create({
      slots,
      durations: new DurationEstimate(),
      perform: held.perform,
      onChange: () => changes.count++,
      onFault: (error) => faults.push(error),
    });
    const add = async (...ids: readonly string[]) => {
      for (const id of ids) await queue.add(queuedJob(id));
    };
    const waiting = () =>
      queue
        .places()
        .filter(({ state }) => state === 'waiting')
        .map(({ job }) => job.id);
    return { queue, held, faults, changes, add, waiting };
  }

  const soon = (assertion: () => void) => vi.waitFor(assertion, { interval: 1, timeout: 10_000 });

  describe(name, () => {
    it('begins as many jobs as it has slots, and the next when one ends', async () => {
      const { held, add, waiting } = await setUp({ slots: 2 });
      await add('ann-1', 'ben-1', 'cid-1');
      await soon(() => expect(held.begun).toEqual(['ann-1', 'ben-1']));
      expect(waiting()).toEqual(['cid-1']);
      await held.finish('ben-1');
      await soon(() => expect(held.begun).toEqual(['ann-1', 'ben-1', 'cid-1']));
    });

    it('says of every job where it stands: running ones first, then in the order of beginning', async () => {
      const { queue, held, add } = await setUp({ slots: 1 });
      await add('ann-1', 'ann-2', 'ann-3', 'ben-1');
      await held.running('ann-1');
      const places = queue.places().map(({ job, state, position }) => [job.id, state, position]);
      expect(places).toEqual([
        ['ann-1', 'running', 0],
        ['ben-1', 'waiting', 1],
        ['ann-2', 'waiting', 2],
        ['ann-3', 'waiting', 3],
      ]);
      for (const place of queue.places()) expect(queue.place(place.job.id)).toEqual(place);
      expect(queue.place('dan-1')).toBeUndefined();
      await held.finishAll(4);
      expect(held.begun).toEqual(['ann-1', 'ben-1', 'ann-2', 'ann-3']);
      await soon(() => expect(queue.places()).toEqual([]));
    });

    it('begins nobody’s second job before everybody’s first', async () => {
      const { held, add } = await setUp({ slots: 2 });
      const people = Array.from({ length: 10 }, (_, index) => `person${index}`);
      await add('zoe-1', 'zoe-2', ...jobIds(people, 5));
      await held.finishAll(52);
      const rounds = held.begun.slice(2).map(numberOf);
      expect(rounds).toEqual(rounds.toSorted((a, b) => a - b));
      expect(new Set(held.begun.slice(2, 12).map(ownerOf))).toEqual(new Set(people));
    });

    it('lets who comes later pass somebody with ten jobs', async () => {
      const { held, add, waiting } = await setUp({ slots: 1 });
      await add(...jobIds(['ann'], 10));
      await held.finish('ann-1', 'ann-2');
      await held.running('ann-3');
      await add('ben-1', 'ben-2');
      expect(waiting().slice(0, 4)).toEqual(['ben-1', 'ann-4', 'ben-2', 'ann-5']);
    });

    it('is fair in time: who had a long job waits until others have had as much', async () => {
      const { queue, held, add, waiting } = await setUp({ slots: 1 });
      await add('zoe-1');
      await held.running('zoe-1');
      await queue.add(queuedJob('ann-1', transferTask(512, 400)));
      await add('ann-2', ...jobIds(['ben'], 4));
      expect(waiting()).toEqual(['ann-1', 'ben-1', 'ben-2', 'ben-3', 'ben-4', 'ann-2']);
    });

    it('estimates ends that are never before starts, and later for those behind', async () => {
      const { queue, held, add } = await setUp({ slots: 1 });
      const begin = Date.now();
      await add('ann-1', 'ann-2', 'ben-1');
      await held.running('ann-1');
      const places = queue.places();
      expect(places.map(({ job }) => job.id)).toEqual(['ann-1', 'ben-1', 'ann-2']);
      for (const [index, { startsAt, endsAt }] of places.entries()) {
        expect(endsAt).toBeGreaterThan(startsAt);
        expect(startsAt).toBeGreaterThanOrEqual(places[index - 1]?.endsAt ?? begin);
      }
      const newcomersEnd = queue.estimateEnd(queuedJob('cid-1'));
      expect(newcomersEnd).toBeGreaterThan(queue.place('ben-1')?.endsAt ?? Number.POSITIVE_INFINITY);
      expect(queue.estimateEnd(queuedJob('ben-2'))).toBeGreaterThan(newcomersEnd);
    });

    it('goes by what a running job reports', async () => {
      const { queue, held, add } = await setUp({ slots: 1 });
      await add('ann-1', 'ben-1');
      const { report } = await held.running('ann-1');
      const at = { kind: 'pixels', width: 128, height: 128, found: 0 } as const;
      report({ epoch: 1, epochs: 100, at, loss: 1, secondsLeft: 1000 });
      await soon(() => expect(queue.place('ben-1')?.startsAt).toBeGreaterThan(Date.now() + 990_000));
    });

    it('refuses an id that it has, waiting or running, and takes it again afterwards', async () => {
      const { queue, held, add } = await setUp({ slots: 1 });
      await add('ann-1', 'ann-2');
      await held.running('ann-1');
      for (const id of ['ann-1', 'ann-2']) await expect(queue.add(queuedJob(id))).rejects.toThrow(RangeError);
      await held.finishAll(2);
      await soon(() => expect(queue.places()).toEqual([]));
      await add('ann-1');
      await soon(() => expect(held.begun).toEqual(['ann-1', 'ann-2', 'ann-1']));
    });

    it('cancels a waiting job, which then never begins', async () => {
      const { queue, held, add, waiting } = await setUp({ slots: 1 });
      await add('ann-1', 'ben-1', 'cid-1');
      await held.running('ann-1');
      expect(await queue.cancel('ben-1', 'changed my mind')).toBe(true);
      expect(waiting()).toEqual(['cid-1']);
      expect(queue.place('ben-1')).toBeUndefined();
      expect(await queue.cancel('ben-1', 'changed my mind')).toBe(false);
      await held.finishAll(2);
      expect(held.begun).toEqual(['ann-1', 'cid-1']);
    });

    it('gives a person’s later jobs the time of a cancelled one', async () => {
      const { queue, held, add, waiting } = await setUp({ slots: 1 });
      await add('zoe-1');
      await held.running('zoe-1');
      await add('ann-1', 'ann-2', 'ben-1', 'ben-2');
      expect(waiting()).toEqual(['ann-1', 'ben-1', 'ann-2', 'ben-2']);
      await queue.cancel('ann-1', 'changed my mind');
      expect(waiting()).toEqual(['ann-2', 'ben-1', 'ben-2']);
    });

    it('stops a running job with the reason, and says so once it has left its slot', async () => {
      const { queue, held, add } = await setUp({ slots: 1 });
      await add('ann-1', 'ben-1');
      const { signal } = await held.running('ann-1');
      const leftOrder: string[] = [];
      const cancelled = queue.cancel('ann-1', 'changed my mind').then((was) => {
        leftOrder.push('cancelled');
        return was;
      });
      await soon(() => expect(signal.aborted).toBe(true));
      expect(signal.reason).toBe('changed my mind');
      leftOrder.push('finished');
      await held.finish('ann-1');
      expect(await cancelled).toBe(true);
      expect(leftOrder).toEqual(['finished', 'cancelled']);
      expect(queue.place('ann-1')).toBeUndefined();
      await held.running('ben-1');
    });

    it('cannot cancel what it does not have', async () => {
      const { queue } = await setUp({ slots: 1 });
      expect(await queue.cancel('ann-1', 'changed my mind')).toBe(false);
    });

    it('frees the slot of a job that failed unexpectedly, and tells', async () => {
      const { held, faults, add } = await setUp({ slots: 1 });
      await add('ann-1', 'ben-1');
      const fault = new Error('the disk is full');
      (await held.running('ann-1')).fail(fault);
      await held.running('ben-1');
      expect(faults).toEqual([fault]);
    });

    it('tells that places changed when jobs come, begin, end and are cancelled', async () => {
      const { queue, held, changes, add } = await setUp({ slots: 1 });
      const changed = async (change: () => Promise<unknown>) => {
        const before = changes.count;
        await change();
        await soon(() => expect(changes.count).toBeGreaterThan(before));
      };
      await changed(() => add('ann-1'));
      await held.running('ann-1');
      await changed(() => add('ben-1'));
      await changed(() => queue.cancel('ben-1', 'changed my mind'));
      await changed(() => held.finish('ann-1'));
    });

    it('begins nothing more once it is closed, and waits for what runs', async () => {
      const { queue, held, add, waiting } = await setUp({ slots: 1 });
      await add('ann-1', 'ben-1');
      await held.running('ann-1');
      const order: string[] = [];
      const closed = queue.close().then(() => order.push('closed'));
      order.push('finished');
      await held.finish('ann-1');
      await closed;
      expect(order).toEqual(['finished', 'closed']);
      expect(held.begun).toEqual(['ann-1']);
      expect(waiting()).toEqual(['ben-1']);
    });
  });
}
