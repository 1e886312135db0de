import { type ChildProcess, fork } from 'node:child_process';
import { on, once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Instruction, Report } from '../../src/compute/messages.js';
import type { NetworkName } from '../../src/engine/topology.js';
import { availableNetworks } from '../../src/engine/weights/bundled.js';
import { programPath } from '../../src/package-root.js';
import { requireBuild } from '../command-line/program.js';
import { endlessRequest, request } from './requests.js';

beforeAll(requireBuild);

describe('a compute process', () => {
  let child: ChildProcess;
  /** Everything that the process reports: several reports may come at once. */
  let reports: AsyncIterator<Report[]>;
  beforeAll(() => {
    child = fork(programPath('compute/compute-process-main'), { serialization: 'advanced', execArgv: [] });
    reports = on(child, 'message');
    tell({ kind: 'start', engine: { threads: 1 } });
  });
  afterAll(() => child.kill('SIGKILL'));

  function tell(instruction: Instruction): void {
    child.send(instruction);
  }

  /** Returns the next report of a kind; those before it are passed over. */
  async function heard<Kind extends Report['kind']>(kind: Kind): Promise<Extract<Report, { readonly kind: Kind }>> {
    for (;;) {
      const [report]: Report[] = (await reports.next()).value;
      if (report?.kind === kind) return report as Extract<Report, { readonly kind: Kind }>;
    }
  }

  it('leaves it to the bot when to end', async () => {
    await heard('ready');
    child.kill('SIGINT');
    child.kill('SIGTERM');
    tell({ kind: 'task', request: await request() });
    expect(await heard('ending')).toMatchObject({ ending: { kind: 'done' } });
  });

  it('opens the engine of the network that a task asks for, or says what is missing and goes on', async () => {
    const asking = async (network: NetworkName) => {
      const { task, ...rest } = await request();
      tell({ kind: 'task', request: { ...rest, task: { ...task, network } } });
      return (await heard('ending')).ending;
    };
    expect(await asking('vgg19-lite')).toMatchObject({ kind: 'done' });
    if (!availableNetworks().includes('vgg16')) {
      const fault = { message: expect.stringContaining('weights download vgg16') };
      expect(await asking('vgg16')).toMatchObject({ kind: 'fault', fault });
    }
    expect(await asking('vgg19-lite')).toMatchObject({ kind: 'done' });
  });

  it('is not confused by a cancellation that comes too late', async () => {
    tell({ kind: 'cancel' });
    tell({ kind: 'task', request: await request() });
    expect(await heard('ending')).toMatchObject({ ending: { kind: 'done' } });
    tell({ kind: 'cancel' });
    tell({ kind: 'task', request: await request() });
    expect(await heard('ending')).toMatchObject({ ending: { kind: 'done' } });
  });

  it('ends by itself when the bot is gone, also in the middle of a task', async () => {
    tell({ kind: 'task', request: await endlessRequest() });
    await heard('progress');
    child.disconnect();
    expect(await once(child, 'exit')).toEqual([0, null]);
  });
});
