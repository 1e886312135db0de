import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Deferred } from '../../src/deferred.js';
import type { Interaction } from '../../src/local-discord/interaction.js';
import type { Message } from '../../src/local-discord/message.js';
import { isMessageRefusal } from './refusals.js';
import { painted, painting, running, Stage } from './stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.set();
});
afterAll(async () => {
  stage.discord.assertCorrect();
  await stage.strike();
});

function replyOf({ message }: Interaction): Message {
  if (!message) throw new Error('There is no reply');
  return message;
}

function labelsOf(order: Interaction): readonly string[] {
  return replyOf(order).buttons.map(({ label }) => label);
}

/** Expects that the press of a button is refused with this text. */
async function expectRefusal(click: Promise<Interaction>, text: string): Promise<void> {
  const refusal = await click;
  await refusal.acknowledged;
  expect(isMessageRefusal(refusal, text), refusal.describe()).toBe(true);
}

describe('a result’s buttons', () => {
  let result: Message;
  beforeAll(async () => {
    result = replyOf(await painted(await stage.order(stage.alice, { strength: 'subtle', epochs: 4 })));
  });

  it('paint it again with twice the epochs, for whoever presses', async () => {
    const { message } = await painted(await stage.bob.click(result, 'More epochs'));
    expect(message?.text).toMatch(/White Walker · subtle · draft\*\*\n-# 8 epochs/);
    expect(message).not.toBe(result);
    expect(result.attachments).toHaveLength(2);
  });

  it('paint it stronger, until it is at its strongest', async () => {
    const balanced = replyOf(await painted(await stage.alice.click(result, 'Stronger')));
    expect(balanced.text).toContain('balanced');
    const strong = replyOf(await painted(await stage.alice.click(balanced, 'Stronger')));
    expect(strong.text).toContain('strong');
    await expectRefusal(stage.alice.click(strong, 'Stronger'), 'at its strongest already');
  });

  it('paint it otherwise, as a form says: it is filled in with what was', async () => {
    const form = await stage.alice.click(result, 'Again with…');
    await form.acknowledged;
    expect(JSON.stringify(form.modal)).toMatch(/"value":"white-walker"[^}]*"default":true/);
    const again = await stage.alice.submit(form, { style: ['wildfire'], strength: ['strong'], epochs: '2' });
    const { message } = await painted(again);
    expect(message?.text).toMatch(/Wildfire · strong · draft\*\*\n-# 2 epochs/);
  });

  it('take a style of the person’s own in that form', async () => {
    const form = await stage.alice.click(result, 'Again with…');
    const again = await stage.alice.submit(form, { upload: [painting], strength: ['subtle'], epochs: '3' });
    expect((await painted(again)).message?.text).toContain('your own style · subtle');
  });

  it('change quality and colours in that form; another quality brings its own epochs, unless others are typed', async () => {
    const form = await stage.alice.click(result, 'Again with…');
    const other = { quality: ['standard'], strength: ['strong-own-colors'] };
    const { message } = await painted(await stage.alice.submit(form, other));
    expect(message?.text).toMatch(/White Walker · strong · standard · own colours\*\*\n-# 6 epochs · 80 × /);
    const second = await stage.alice.click(result, 'Again with…');
    const typed = await painted(await stage.alice.submit(second, { ...other, epochs: '2' }));
    expect(typed.message?.text).toMatch(/standard · own colours\*\*\n-# 2 epochs · 80 × /);
  });

  it('paint it larger, until it is at its largest', async () => {
    const standard = replyOf(await painted(await stage.bob.click(result, 'Larger')));
    expect(standard.text).toMatch(/White Walker · subtle · standard\*\*\n-# 6 epochs · 80 × /);
    const high = replyOf(await painted(await stage.bob.click(standard, 'Larger')));
    expect(high.text).toMatch(/high\*\*\n-# 40 epochs · 96 × /);
    expect(high.buttons.map(({ label }) => label)).not.toContain('Larger');
  });

  it('paint it no larger than the server allows', async () => {
    const allow = (max: number) => stage.settings('size', { max });
    const before = replyOf(await painted(await stage.order(stage.alice, { epochs: 50 })));
    await allow(64);
    const least = replyOf(await painted(await stage.order(stage.alice)));
    expect(least.buttons.map(({ label }) => label)).not.toContain('Larger');
    await expectRefusal(stage.alice.click(before, 'Larger'), 'Larger pictures are not allowed here');
    await allow(1024);
    // It never has fewer epochs than before.
    const larger = replyOf(await painted(await stage.alice.click(before, 'Larger')));
    expect(larger.text).toContain('standard**\n-# 50 epochs');
  });

  it.each(['many', '0', '99999', '1:1'])(
    'refuse "%s" as epochs, say how many there can be, and go back to the form as it was filled in',
    async (epochs) => {
      const form = await stage.alice.click(result, 'Again with…');
      const entered = { style: ['wildfire'], quality: ['standard'], strength: ['strong-own-colors'], epochs };
      const refusal = await stage.alice.submit(form, entered);
      await expectRefusal(Promise.resolve(refusal), 'to 300');
      const again = await stage.alice.click(replyOf(refusal), 'Back to the form');
      await again.acknowledged;
      const modal = JSON.stringify(again.modal);
      for (const value of ['wildfire', 'standard', 'strong-own-colors']) {
        expect(modal).toMatch(new RegExp(`"value":"${value}"[^}]*"default":true`));
      }
      expect(modal.match(/"default":true/g)).toHaveLength(3);
      expect(modal).toContain(`"value":"${epochs.replace(':', '')}"`);
      const { message } = await painted(await stage.alice.submit(again, { epochs: '1' }));
      expect(message?.text).toMatch(/Wildfire · strong · standard · own colours\*\*\n-# 1 epoch · /);
    },
  );

  it('keep an upload while the form is gone back to, until another style is chosen there', async () => {
    const form = await stage.alice.click(result, 'Again with…');
    const refusal = await stage.alice.submit(form, { upload: [painting], epochs: '0' });
    await expectRefusal(Promise.resolve(refusal), 'to 300');
    const again = await stage.alice.click(replyOf(refusal), 'Back to the form');
    await again.acknowledged;
    expect(JSON.stringify(again.modal)).toContain(
      '"label":"The picture that you uploaded","value":"uploaded","default":true',
    );
    const twice = await stage.alice.submit(again, { epochs: '0' });
    await expectRefusal(Promise.resolve(twice), 'to 300');
    const third = await stage.alice.click(replyOf(twice), 'Back to the form');
    expect((await painted(await stage.alice.submit(third, { epochs: '1' }))).message?.text).toContain('your own style');
    const other = await stage.alice.click(replyOf(twice), 'Back to the form');
    const chosen = await painted(await stage.alice.submit(other, { style: ['wildfire'], epochs: '1' }));
    expect(chosen.message?.text).toContain('Wildfire');
  });

  it('work after a restart', async () => {
    await stage.bot.kill();
    await stage.restart();
    await painted(await stage.alice.click(result, 'More epochs'));
  });

  it('delete it for its owner and for moderators only', async () => {
    await expectRefusal(stage.bob.click(result, 'Delete'), 'Only the person who asked for it, and moderators');
    const other = replyOf(await painted(await stage.order(stage.alice)));
    await (await stage.mormont.click(other, 'Delete')).until(() => other.isDeleted);
    await (await stage.alice.click(result, 'Delete')).until(() => result.isDeleted);
  });

  it('leave the message as it was where it cannot be deleted, and tell that to whoever pressed alone', async () => {
    const message = replyOf(await painted(await stage.order(stage.alice)));
    const { text } = message;
    const fault = stage.discord.faults.next({ method: 'DELETE', times: 9, do: { status: 403, body: { code: 50001 } } });
    const click = await stage.alice.click(message, 'Delete');
    await click.until(({ followUps }) => followUps.length === 1);
    fault.cancel();
    expect(click.followUps[0]).toMatchObject({ isEphemeral: true, text: expect.stringContaining('went wrong') });
    expect(message.text).toBe(text);
  });

  it('refuse kindly once the pictures are no longer kept', async () => {
    const short = await Stage.set({ KEEP_INPUTS_HOURS: '0' });
    const message = replyOf(await painted(await short.order(short.alice)));
    await short.bot.untilLogged('job closed');
    await short.bot.kill();
    await short.restart();
    const refusal = await short.alice.click(message, 'More epochs');
    await refusal.acknowledged;
    expect(isMessageRefusal(refusal, 'these are gone'), refusal.describe()).toBe(true);
    await short.strike();
  });

  it('are told to be outdated where the bot no longer knows them', async () => {
    const message = replyOf(await painted(await stage.order(stage.alice)));
    const json = JSON.stringify(message.components).replace('more-epochs:', 'better:');
    message.components = JSON.parse(json);
    await expectRefusal(stage.alice.click(message, 'More epochs'), 'another version of me');
  });
});

describe('the cancel button', () => {
  const long = { quality: 'high', epochs: 300 } as const;

  it('stops what runs, for its owner; the next one’s turn comes', async () => {
    const order = await running(await stage.order(stage.alice, long));
    const next = await stage.order(stage.bob);
    await stage.alice.click(replyOf(order), 'Cancel');
    await order.until(({ message }) => message?.text === 'Cancelled.');
    expect(replyOf(order).attachments).toEqual([]);
    expect(labelsOf(order)).toEqual(['Try again', 'Delete']);
    await painted(next);
    const again = await running(await stage.alice.click(replyOf(order), 'Try again'));
    await stage.alice.click(replyOf(again), 'Cancel');
    await again.until(({ message }) => message?.text === 'Cancelled.');
  });

  it('is not for others, but for moderators', async () => {
    const order = await running(await stage.order(stage.alice, long));
    await expectRefusal(stage.bob.click(replyOf(order), 'Cancel'), 'Only the person who asked for it, and moderators');
    await stage.mormont.click(replyOf(order), 'Cancel');
    await order.until(({ message }) => message?.text === 'Cancelled by a moderator.');
    expect(labelsOf(order)).toEqual(['Delete']);
    await expectRefusal(stage.bob.click(replyOf(order), 'Delete'), 'Only the person who asked for it, and moderators');
    await (await stage.alice.click(replyOf(order), 'Delete')).until(() => replyOf(order).isDeleted);
  });

  it('takes what waits out of the queue', async () => {
    const first = await running(await stage.order(stage.alice, long));
    const second = await stage.order(stage.bob);
    await second.until(({ message }) => message?.text.includes('You are next'));
    await stage.bob.click(replyOf(second), 'Cancel');
    await second.until(({ message }) => message?.text === 'Cancelled.');
    await stage.alice.click(replyOf(first), 'Cancel');
    await first.until(({ message }) => message?.text === 'Cancelled.');
  });

  it('writes nothing over an outcome that is told before the click is answered', async () => {
    const order = await running(await stage.order(stage.bob));
    const told = new Deferred<void>();
    stage.discord.faults.next({ path: /\/callback$/, do: { heldUntil: told.promise } });
    const click = await stage.bob.click(replyOf(order), 'Cancel');
    await order.until(({ message }) => message?.text === 'Cancelled.' || message?.text.includes('3 epochs'));
    const { text } = replyOf(order);
    told.resolve();
    await click.acknowledged;
    expect(replyOf(order).text).toBe(text);
  });

  it('stops a computation that does not listen, being in the middle of an evaluation', async () => {
    const order = await running(await stage.order(stage.alice, long));
    // A process that is stopped before it gets its task would be noticed only by the next task, which would hang.
    await order.until(({ message }) => message?.text.includes('Epoch '));
    for (const pid of stage.bot.computePids) process.kill(pid, 'SIGSTOP');
    await stage.alice.click(replyOf(order), 'Cancel');
    await order.until(({ message }) => message?.text === 'Cancelled.');
    await painted(await stage.order(stage.alice));
  });
});
