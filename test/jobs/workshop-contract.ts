import { describe, expect, it } from 'vitest';
import { ComputeCrash } from '../../src/compute/compute.js';
import type { Workshop } from '../../src/jobs/workshop.js';
import type { JobProgress } from '../../src/works/progress.js';
import { eventually } from '../patience.js';
import { HeldJobs } from './held-jobs.js';
import { jobIds, numberOf, ownerOf, queuedJob, transferTask } from './some-jobs.js';

const someProgress: JobProgress = {
  epoch: 1,
  epochs: 100,
  at: { kind: 'pixels', width: 128, height: 128, found: 0 },
  loss: 1,
  secondsLeft: 1000,
};

/** A task that takes a quarter of an hour, by its estimate. */
const longTask = transferTask(1024, 1500);

/** How long a job may be computed in the workshops that are tested, in seconds. */
export const allowedSeconds = 4321;

/** Tests what every {@link Workshop} must do. For each test, `create` makes an empty one that computes by `held`. */
export function describeWorkshop(name: string, create: (held: HeldJobs) => Workshop | Promise<Workshop>): void {
  async function setUp({ slots }: { readonly slots: number }) {
    const held = new HeldJobs(slots);
    const workshop = await create(held);
    workshop.listen(held.listener);
    const add = async (...ids: readonly string[]) => {
      for (const id of ids) await workshop.take(queuedJob(id));
    };
    const waiting = () =>
      workshop
        .places()
        .filter(({ state }) => state === 'waiting')
        .map(({ job }) => job.id);
    const stop = (id: string) => workshop.stop(id, () => {});
    return { workshop, held, add, stop, waiting };
  }

  describe(name, () => {
    it('begins as many jobs as it has slots, and the next when one ends', async () => {
      const { held, add, waiting } = await setUp({ slots: 2 });
      await add('ann-1', 'ben-1', 'cid-1');
      await eventually(() => expect(held.begun).toEqual(['ann-1', 'ben-1']));
      expect(waiting()).toEqual(['cid-1']);
      await held.finish('ben-1');
      await eventually(() => expect(held.begun).toEqual(['ann-1', 'ben-1', 'cid-1']));
    });

    it('says of every job where it stands: running ones first, then in the order of beginning', async () => {
      const { workshop, held, add } = await setUp({ slots: 1 });
      await add('ann-1', 'ann-2', 'ann-3', 'ben-1');
      await held.running('ann-1');
      const places = workshop.places().map(({ job, state, position }) => [job.id, state, position]);
      expect(places).toEqual([
        ['ann-1', 'running', 0],
        ['ben-1', 'waiting', 1],
        ['ann-2', 'waiting', 2],
        ['ann-3', 'waiting', 3],
      ]);
      for (const place of workshop.places()) expect(workshop.place(place.job.id)).toEqual(place);
      expect(workshop.place('dan-1')).toBeUndefined();
      await held.finishAll(4);
      expect(held.begun).toEqual(['ann-1', 'ben-1', 'ann-2', 'ann-3']);
      await eventually(() => expect(workshop.places()).toEqual([]));
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
      const { workshop, held, add, waiting } = await setUp({ slots: 1 });
      await add('zoe-1');
      await held.running('zoe-1');
      await workshop.take(queuedJob('ann-1', transferTask(512, 400)));
      await add('ann-2', ...jobIds(['ben'], 4));
      expect(waiting()).toEqual(['ann-1', 'ben-1', 'ben-2', 'ben-3', 'ben-4', 'ann-2']);
    });

    it('estimates ends that are never before starts, and later for those behind', async () => {
      const { workshop, held, add } = await setUp({ slots: 1 });
      const begin = Date.now();
      await add('ann-1', 'ann-2', 'ben-1');
      await held.running('ann-1');
      const places = workshop.places();
      expect(places.map(({ job }) => job.id)).toEqual(['ann-1', 'ben-1', 'ann-2']);
      for (const [index, { startsAt, endsAt }] of places.entries()) {
        expect(endsAt).toBeGreaterThan(startsAt);
        expect(startsAt).toBeGreaterThanOrEqual(places[index - 1]?.endsAt ?? begin);
      }
      const newcomersEnd = workshop.estimateEnd(queuedJob('cid-1'));
      expect(newcomersEnd).toBeGreaterThan(workshop.place('ben-1')?.endsAt ?? Number.POSITIVE_INFINITY);
      expect(workshop.estimateEnd(queuedJob('ben-2'))).toBeGreaterThan(newcomersEnd);
    });

    it('goes by what a running job reports', async () => {
      const { workshop, held, add } = await setUp({ slots: 1 });
      await add('ann-1', 'ann-2');
      const { report } = await held.running('ann-1');
      const at = { kind: 'pixels', width: 128, height: 128, found: 0 } as const;
      report({ epoch: 1, epochs: 100, at, loss: 1, secondsLeft: 1000 });
      await eventually(() => expect(workshop.place('ann-2')?.startsAt).toBeGreaterThan(Date.now() + 990_000));
    });

    it('has a long job pause for others’ short ones, and go on after each', async () => {
      const { workshop, held, add } = await setUp({ slots: 1 });
      await workshop.take(queuedJob('zoe-1', longTask));
      const long = await held.running('zoe-1');
      await add('ann-1', 'ben-1');
      await held.running('ann-1');
      expect(long.isPaused).toBe(true);
      expect(workshop.place('zoe-1')).toMatchObject({ state: 'running', position: 0 });
      await held.finish('ann-1');
      await held.running('ben-1');
      expect(held.turns).toEqual(['zoe-1', 'ann-1', 'zoe-1', 'ben-1']);
      await held.finish('ben-1');
      await eventually(() => expect(long.isPaused).toBe(false));
      await held.finish('zoe-1');
      await eventually(() => expect(held.outcomes.map(({ id }) => id)).toEqual(['ann-1', 'ben-1', 'zoe-1']));
    });

    it('has a long job pause neither for its owner’s jobs nor for long ones, and one job a slot', async () => {
      const { workshop, held, add, waiting } = await setUp({ slots: 1 });
      await workshop.take(queuedJob('zoe-1', longTask));
      await held.running('zoe-1');
      await add('zoe-2');
      await workshop.take(queuedJob('cid-1', longTask));
      await add('ann-1');
      await held.running('ann-1');
      (await held.running('ann-1')).report({ ...someProgress, secondsLeft: 100_000 });
      await add('ben-1');
      expect(held.begun).toEqual(['zoe-1', 'ann-1']);
      await held.finish('ann-1');
      await held.running('ben-1');
      await held.finish('ben-1', 'zoe-1', 'cid-1', 'zoe-2');
      expect(held.begun).toEqual(['zoe-1', 'ann-1', 'ben-1', 'cid-1', 'zoe-2']);
      expect(waiting()).toEqual([]);
    });

    it('stops a paused job, and the one that is computed in its place', async () => {
      const { workshop, held, add, stop } = await setUp({ slots: 1 });
      await workshop.take(queuedJob('zoe-1', longTask));
      const long = await held.running('zoe-1');
      await add('ann-1');
      const short = await held.running('ann-1');
      const stopped = stop('ann-1');
      await eventually(() => expect(short.signal.aborted).toBe(true));
      short.finish();
      expect(await stopped).toBe(true);
      await eventually(() => expect(long.isPaused).toBe(false));
      await add('ben-1');
      await held.running('ben-1');
      expect(await stop('zoe-1')).toBe(true);
      expect(workshop.place('zoe-1')).toBeUndefined();
      await held.finish('ben-1');
      await eventually(() => expect(workshop.places()).toEqual([]));
      expect(held.outcomes.map(({ id }) => id)).toEqual(['ben-1']);
    });

    it('goes on with a job whose pause is not needed any more', async () => {
      const { workshop, held, add, stop } = await setUp({ slots: 1 });
      held.isAtEpochsEnd = false;
      await workshop.take(queuedJob('zoe-1', longTask));
      const long = await held.running('zoe-1');
      await add('ann-1');
      await eventually(() => expect(long.isAskedToPause).toBe(true));
      await stop('ann-1');
      long.report({ ...someProgress, isPaused: true });
      await eventually(() => expect(long.isAskedToPause).toBe(false));
      expect(held.begun).toEqual(['zoe-1']);
      held.isAtEpochsEnd = true;
      await add('ben-1');
      await held.running('ben-1');
      await held.finish('ben-1', 'zoe-1');
    });

    it('computes a job again that crashed while it was paused, once that has its slot back', async () => {
      const { workshop, held, add } = await setUp({ slots: 1 });
      await workshop.take(queuedJob('zoe-1', longTask));
      const long = await held.running('zoe-1');
      await add('ann-1');
      await held.running('ann-1');
      long.fail(new ComputeCrash('killed, for it took too much memory'));
      await held.finish('ann-1');
      await eventually(async () => expect(await held.running('zoe-1')).not.toBe(long));
      expect(held.turns).toEqual(['zoe-1', 'ann-1', 'zoe-1']);
      await held.finish('zoe-1');
      await eventually(() => expect(held.outcomes).toHaveLength(2));
    });

    it('computes a job again that crashed before it could pause', async () => {
      const { workshop, held, add } = await setUp({ slots: 1 });
      held.isAtEpochsEnd = false;
      await workshop.take(queuedJob('zoe-1', longTask));
      const long = await held.running('zoe-1');
      await add('ann-1');
      await eventually(() => expect(long.isAskedToPause).toBe(true));
      long.fail(new ComputeCrash('died'));
      await held.finish('ann-1');
      await eventually(async () => expect(await held.running('zoe-1')).not.toBe(long));
      await held.finish('zoe-1');
      await eventually(() => expect(held.outcomes).toHaveLength(2));
    });

    it('estimates when a long job pauses for whom, and what comes after it later by that', async () => {
      const { workshop, held, add } = await setUp({ slots: 1 });
      held.isAtEpochsEnd = false;
      await workshop.take(queuedJob('zoe-1', longTask));
      await held.running('zoe-1');
      const alone = workshop.place('zoe-1')?.endsAt ?? Number.NaN;
      expect(workshop.estimateEnd(queuedJob('ann-1'))).toBeLessThan(alone);
      await workshop.take(queuedJob('cid-1', longTask));
      await add('ann-1', 'ben-1');
      const [cid, ann, ben] = ['cid-1', 'ann-1', 'ben-1'].map((id) => workshop.place(id));
      expect([ann?.position, ben?.position, cid?.position]).toEqual([1, 2, 3]);
      expect(ben?.endsAt).toBeLessThan(alone);
      expect(ben?.startsAt).toBeGreaterThanOrEqual(ann?.endsAt ?? Number.NaN);
      expect(workshop.place('zoe-1')?.endsAt).toBeGreaterThanOrEqual(alone + 25_000);
      expect(cid?.startsAt).toBe(workshop.place('zoe-1')?.endsAt);
    });

    it('computes nothing for longer than operators allow', async () => {
      const { held, add } = await setUp({ slots: 1 });
      await add('ann-1');
      await held.finish('ann-1');
      expect(held.maxSeconds).toEqual([allowedSeconds]);
    });

    it('refuses an id that it has, waiting or running, and takes it again afterwards', async () => {
      const { workshop, held, add } = await setUp({ slots: 1 });
      await add('ann-1', 'ann-2');
      await held.running('ann-1');
      for (const id of ['ann-1', 'ann-2']) await expect(workshop.take(queuedJob(id))).rejects.toThrow(RangeError);
      await held.finishAll(2);
      await eventually(() => expect(workshop.places()).toEqual([]));
      await add('ann-1');
      await eventually(() => expect(held.begun).toEqual(['ann-1', 'ann-2', 'ann-1']));
    });

    it('stops a waiting job, which then never begins', async () => {
      const { workshop, held, add, stop, waiting } = await setUp({ slots: 1 });
      await add('ann-1', 'ben-1', 'cid-1');
      await held.running('ann-1');
      expect(await stop('ben-1')).toBe(true);
      expect(waiting()).toEqual(['cid-1']);
      expect(workshop.place('ben-1')).toBeUndefined();
      expect(await stop('ben-1')).toBe(false);
      await held.finishAll(2);
      expect(held.begun).toEqual(['ann-1', 'cid-1']);
    });

    it('gives a person’s later jobs the time of a stopped one', async () => {
      const { held, add, stop, waiting } = await setUp({ slots: 1 });
      await add('zoe-1');
      await held.running('zoe-1');
      await add('ann-1', 'ann-2', 'ben-1', 'ben-2');
      expect(waiting()).toEqual(['ann-1', 'ben-1', 'ann-2', 'ben-2']);
      await stop('ann-1');
      expect(waiting()).toEqual(['ann-2', 'ben-1', 'ben-2']);
    });

    it('stops a running job, settles it before its slot is free, and says so once it has left its slot', async () => {
      const { workshop, held, add } = await setUp({ slots: 1 });
      await add('ann-1', 'ben-1');
      const { signal } = await held.running('ann-1');
      const leftOrder: string[] = [];
      const stopped = workshop
        .stop('ann-1', () => leftOrder.push('settled'))
        .then((was) => {
          leftOrder.push('stopped');
          return was;
        });
      await eventually(() => expect(signal.aborted).toBe(true));
      leftOrder.push('finished');
      await held.finish('ann-1');
      expect(await stopped).toBe(true);
      expect(leftOrder).toEqual(['settled', 'finished', 'stopped']);
      expect(held.outcomes).toEqual([]);
      expect(workshop.place('ann-1')).toBeUndefined();
      await held.running('ben-1');
    });

    it('cannot stop what it does not have, and settles it all the same', async () => {
      const { workshop } = await setUp({ slots: 1 });
      let isSettled = false;
      const wasThere = await workshop.stop('ann-1', () => {
        isSettled = true;
      });
      expect([wasThere, isSettled]).toEqual([false, true]);
    });

    it('tells what came of a job, with the files of its result', async () => {
      const { held, add } = await setUp({ slots: 1 });
      await add('ann-1');
      await held.finish('ann-1');
      await eventually(() => expect(held.outcomes).toHaveLength(1));
      const { outcome, files, isTold } = held.outcomes[0]?.computed ?? {};
      expect(outcome).toMatchObject({ kind: 'result', result: { picture: 'result.png', epochs: 1 } });
      expect([...(files?.get('result.png') ?? [])]).toEqual([1, 2, 3]);
      expect(isTold).toBe(false);
    });

    it('frees the slot of a job that failed unexpectedly, and tells', async () => {
      const { held, add } = await setUp({ slots: 1 });
      await add('ann-1', 'ben-1');
      (await held.running('ann-1')).fail(new Error('a fault in the program'));
      await held.running('ben-1');
      expect(held.outcomes).toMatchObject([
        { id: 'ann-1', computed: { outcome: { kind: 'failed', failure: { code: 'unexpected' } } } },
      ]);
    });

    it('computes a crashed job again, and gives it up when it crashes a second time', async () => {
      const { held, add } = await setUp({ slots: 1 });
      let crashes = 0;
      held.listener.crashed = () => ++crashes;
      await add('ann-1');
      const first = await held.running('ann-1');
      first.fail(new ComputeCrash('died'));
      await eventually(async () => expect(await held.running('ann-1')).not.toBe(first));
      (await held.running('ann-1')).fail(new ComputeCrash('died'));
      await eventually(() => expect(held.outcomes).toHaveLength(1));
      expect(held.outcomes[0]?.computed.outcome).toEqual({ kind: 'failed', failure: { code: 'crashed', context: {} } });
    });

    it('frees the slot of a job whose outcome can’t be kept', async () => {
      const { workshop, held, add } = await setUp({ slots: 1 });
      held.keepingFault = new Error('the disk is full');
      await add('ann-1', 'ben-1');
      await held.finish('ann-1');
      await held.running('ben-1');
      await eventually(() => expect(workshop.place('ann-1')).toBeUndefined());
    });

    it('tells that places changed when jobs come, begin, end and are cancelled', async () => {
      const { held, add, stop } = await setUp({ slots: 1 });
      const changed = async (change: () => Promise<unknown>) => {
        const before = held.changes;
        await change();
        await eventually(() => expect(held.changes).toBeGreaterThan(before));
      };
      await changed(() => add('ann-1'));
      await held.running('ann-1');
      await changed(() => add('ben-1'));
      await changed(() => stop('ben-1'));
      await changed(() => held.finish('ann-1'));
    });

    it('begins nothing more once it is closed, and waits for what runs', async () => {
      const { workshop, held, add, waiting } = await setUp({ slots: 1 });
      await add('ann-1', 'ben-1');
      await held.running('ann-1');
      const order: string[] = [];
      const closed = workshop.close(60_000).then(() => order.push('closed'));
      order.push('finished');
      await held.finish('ann-1');
      await closed;
      expect(order).toEqual(['finished', 'closed']);
      expect(held.begun).toEqual(['ann-1']);
      expect(waiting()).toEqual(['ben-1']);
    });

    it('lets go of what runs longer than it may when it closes', async () => {
      const { workshop, held, add } = await setUp({ slots: 1 });
      await add('ann-1', 'ben-1');
      const { signal } = await held.running('ann-1');
      const closed = workshop.close(0);
      if (!workshop.goesOnWithoutBot) {
        await eventually(() => expect(signal.aborted).toBe(true));
        await held.finish('ann-1');
      }
      await closed;
      expect(held.suspended).toEqual(['ann-1']);
      expect(held.outcomes).toEqual([]);
    });
  });
}
