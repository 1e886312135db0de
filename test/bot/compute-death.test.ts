import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { long, painted, running, Stage } from './stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.set();
});
afterEach(() => stage.discord.assertCorrect());
afterAll(() => stage.strike());

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // The process has ended, and the log doesn't say so yet.
  }
}

describe('kill -9 of a compute process', () => {
  const killCompute = () => {
    for (const pid of stage.bot.computePids) killIfThere(pid);
  };

  it('costs one attempt, and nobody notices', async () => {
    const order = await running(await stage.order(stage.alice, long));
    killCompute();
    await painted(order);
    await painted(await stage.order(stage.bob));
  });

  it('twice is told, and others go on', async () => {
    const begin = stage.bot.log.length;
    const order = await running(await stage.order(stage.alice, long));
    const other = await stage.order(stage.bob);
    // At every line of the log all compute processes are killed, until the job has crashed with two of them.
    const crashedTwice = () => {
      const crashes = stage.bot.log.slice(begin).filter(({ msg }) => msg === 'computation crashed').length;
      if (crashes < 2) killCompute();
      return crashes < 2 ? undefined : true;
    };
    await stage.bot.until(crashedTwice, 'two crashes are logged');
    await order.until(({ message }) => message?.text.includes('crashed twice'));
    expect(order.message?.buttons.map(({ label }) => label)).toEqual(['Try again', 'Delete']);
    await painted(other);
  });

  it('is what becomes of one that hangs', async () => {
    await stage.bot.kill();
    // A slow machine takes some of that to open the engine, without a sign of life.
    await stage.restart({ HANG_SECONDS: '15' });
    const order = await running(await stage.order(stage.alice, long));
    for (const pid of stage.bot.computePids) process.kill(pid, 'SIGSTOP');
    await painted(order);
  });
});
