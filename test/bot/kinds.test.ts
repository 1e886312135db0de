import { createHash } from 'node:crypto';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Upload } from '../../src/local-discord/file-store.js';
import type { Interaction } from '../../src/local-discord/interaction.js';
import type { Message } from '../../src/local-discord/message.js';
import { walkingOverNothing, walkingSquare } from '../works/walking-square.js';
import { isMessageRefusal } from './refusals.js';
import { otherPhoto, painted, painting, photo, Stage } from './stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.set({ QUALITY_DRAFT: '64px 3 epochs', QUALITY_STANDARD: '96px 4 epochs' });
});
afterAll(async () => {
  stage.discord.assertCorrect();
  await stage.strike();
});

type Values = Readonly<Record<string, Upload | string | number | boolean>>;

const ask = (command: string, values: Values) => stage.alice.in(stage.channel).command(command, values);

/** Waits for a command's result, and expects a picture that is opaque and an animation that moves. */
async function resultOf(order: Interaction): Promise<Message> {
  const { message } = await painted(order);
  if (!message) throw new Error('There is no reply');
  const [picture, animation] = message.attachments;
  expect(await sharp(picture?.bytes).stats()).toMatchObject({ isOpaque: true });
  expect((await sharp(animation?.bytes).metadata()).pages).toBeGreaterThan(1);
  return message;
}

async function expectRefusal(order: Interaction, text: string | RegExp): Promise<void> {
  await order.acknowledged;
  expect(isMessageRefusal(order, text), order.describe()).toBe(true);
}

const labels = ({ buttons }: Message) => buttons.map(({ label }) => label);

describe('/spot-difference', () => {
  it('counts and circles what two pictures differ in', async () => {
    const bytes = await sharp(photo.bytes).resize(160).png().toBuffer();
    const square = { width: 20, height: 20, channels: 3 } as const;
    const changed = await sharp(bytes)
      .composite([
        { input: { create: { ...square, background: '#00ff00' } }, left: 20, top: 120 },
        { input: { create: { ...square, background: '#ff00ff' } }, left: 125, top: 20 },
      ])
      .png()
      .toBuffer();
    const pictures = { first: { name: 'first.png', bytes }, second: { name: 'second.png', bytes: changed } };
    const message = await resultOf(await ask('spot-difference', pictures));
    expect(message.text).toMatch(/^\*\*2 differences\*\*\n-# \d+ epochs · \d+ × \d+ · [\d.]+ s$/);
    expect(labels(message)).toEqual(['Delete']);
  });

  it('says so where nothing differs', async () => {
    const { message } = await painted(
      await ask('spot-difference', { first: painting, second: painting, private: true }),
    );
    expect(message?.text).toContain('**The pictures are identical.**');
    expect(message?.isEphemeral).toBe(true);
  });

  it('names the picture that is none', async () => {
    const second = { name: 'second.png', bytes: Buffer.from('Winter is coming.') };
    const order = await ask('spot-difference', { first: photo, second });
    await order.until(({ message }) => message?.text.match(/The second picture.*not a picture/));
  });
});

describe('/layers', () => {
  it('shows what each layer sees, and goes on with more epochs', async () => {
    const message = await resultOf(
      await ask('layers', { image: photo, layers: 'relu1_1, relu3_1', quality: 'draft', spoiler: true }),
    );
    expect(message.text).toMatch(/^\*\*What layers see · draft\*\*\n-# relu1_1, relu3_1 · 6 epochs · /);
    expect(message.attachments.every(({ spoiler }) => spoiler)).toBe(true);
    const { message: more } = await painted(await stage.bob.click(message, 'More epochs'));
    expect(more?.text).toContain('12 epochs');
  });

  it('refuses a layer that the network lacks, and says which there are', async () => {
    await expectRefusal(await ask('layers', { image: photo, layers: 'relu9_9' }), /no layer "relu9_9".*relu5_1/);
  });
});

describe('/texture', () => {
  it('makes a seamless texture of a preset', async () => {
    const message = await resultOf(await ask('texture', { preset: 'wildfire', tile: true, quality: 'draft' }));
    expect(message.text).toMatch(/^\*\*Texture of Wildfire · draft · seamless\*\*\n-# 3 epochs · 64 × 64 · /);
    expect(labels(message)).toEqual(['More epochs', 'Larger', 'Delete']);
  });

  it('refuses a style and a preset', async () => {
    await expectRefusal(await ask('texture', { style: painting, preset: 'wildfire' }), 'not both');
  });

  it('says what of a style does not count', async () => {
    const style = { name: 'walk.webp', bytes: await walkingOverNothing(2) };
    const { text } = await resultOf(await ask('texture', { style, quality: 'draft' }));
    expect(text).toContain('The style moves: its first frame counts.');
    expect(text).toContain('The style is transparent in places: they count as white.');
  });
});

describe('/lab', () => {
  const recipeIn = ({ text }: Message) => /```\n(.*)\n```/.exec(text)?.[1];
  /** Returns the mean difference, in 255ths, of a result and the photograph, at 64×64, in 24 columns from `left` on. */
  const changeIn = async (left: number, result: Uint8Array | undefined): Promise<number> => {
    const part = { left, top: 0, width: 24, height: 64 };
    const columns = async (bytes: Uint8Array | undefined) => {
      const picture = await sharp(bytes).resize(64, 64).toColourspace('srgb').png().toBuffer();
      return sharp(picture).extract(part).raw().toBuffer();
    };
    const [before, after] = await Promise.all([columns(photo.bytes), columns(result)]);
    return before.reduce((sum, value, index) => sum + Math.abs(value - (after[index] ?? 0)), 0) / before.length;
  };
  const digestOf = (bytes: Uint8Array) => `sha256:${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}`;
  let result: Message;

  it('paints two styles by a recipe, where a mask is white; options beside the recipe win', async () => {
    const half = { create: { width: 32, height: 64, channels: 3, background: '#ffffff' } } as const;
    const canvas = { create: { width: 64, height: 64, channels: 3, background: '#000000' } } as const;
    const mask = await sharp(canvas)
      .composite([{ input: half, left: 32, top: 0 }])
      .png()
      .toBuffer();
    result = await resultOf(
      await ask('lab', {
        content: photo,
        style: painting,
        'style-2': otherPhoto,
        mix: '2:1',
        mask: { name: 'mask.png', bytes: mask },
        recipe: 'Recipe: `size=96 epochs=2,1 optimizer=adam style-layers=relu1_1:1,relu2_1:.8`',
        size: 64,
        'learning-rate': 0.05,
      }),
    );
    expect(result.text).toMatch(
      /^\*\*Lab: 67 % your style A \+ 33 % your style B · masked\*\*\n-# 3 epochs · 64 × 64 · [\d.]+ s\n```/,
    );
    const picture = result.attachments[0]?.bytes;
    expect(await changeIn(0, picture)).toBeLessThan((await changeIn(40, picture)) / 3);
    const digests = [photo.bytes, painting.bytes, otherPhoto.bytes, mask].map(digestOf);
    expect(recipeIn(result)).toBe(
      'network=vgg19-lite size=64 epochs=2,1 style-layers=relu1_1:1,relu2_1:.8 optimizer=adam learning-rate=.05 ' +
        `content=${digests[0]} styles=${digests[1]},${digests[2]} mix=2:1 mask=${digests[3]}`,
    );
  });

  it('paints two styles where the mask has their colours, and the same again', async () => {
    const half = { create: { width: 32, height: 64, channels: 3, background: '#0000ff' } } as const;
    const bytes = await sharp({ create: { width: 64, height: 64, channels: 3, background: '#ff0000' } })
      .composite([{ input: await sharp(half).png().toBuffer(), left: 32, top: 0 }])
      .png()
      .toBuffer();
    const mask = { name: 'zones.png', bytes };
    const zones = { content: photo, style: painting, mask, size: 64, epochs: '2' };
    const recipe = 'style-colors=#ff0000,#0000ff';
    await expectRefusal(await ask('lab', { ...zones, recipe }), /a colour for each style, but there is one style for/);
    const besides = { ...zones, 'style-2': otherPhoto, recipe: `${recipe} regions=0,0,50,50` };
    await expectRefusal(await ask('lab', besides), /\*\*regions\*\* beside \*\*style-colors\*\*/);
    const both = await resultOf(await ask('lab', { ...zones, 'style-2': otherPhoto, recipe }));
    expect(both.text).toMatch(/^\*\*Lab: your style A \+ your style B · masked\*\*/);
    expect(recipeIn(both)).toContain(`mask=${digestOf(bytes)} style-colors=#ff0000,#0000ff`);
    const again = await resultOf(await ask('lab', { recipe: recipeIn(both) ?? '' }));
    expect(again.attachments[0]?.bytes).toEqual(both.attachments[0]?.bytes);
    const content = { name: 'walk.gif', bytes: walkingSquare(3) };
    const still = await resultOf(await ask('lab', { ...zones, content, 'style-2': otherPhoto, recipe }));
    expect(still.text).toContain('What moves becomes a still');
    const lacking = await ask('lab', { ...zones, recipe: 'style-colors=#00ff00' });
    await lacking.until(({ message }) => message?.text.match(/no pixel of #00ff00\. Most of it is #ff0000, #0000ff/));
  });

  it('paints the same picture by a recipe that is pasted alone, also by somebody else', async () => {
    const order = await stage.bob.in(stage.channel).command('lab', { recipe: recipeIn(result) ?? '' });
    const again = await resultOf(order);
    expect(again.attachments[0]?.bytes).toEqual(result.attachments[0]?.bytes);
    expect(recipeIn(again)).toBe(recipeIn(result));
    expect(again.text).toContain('67 % your style A + 33 % your style B · masked');
    // What is given beside the recipe takes its place, and the other style stays.
    const other = await resultOf(await ask('lab', { recipe: recipeIn(result) ?? '', preset: 'wildfire', mix: '1:1' }));
    expect(recipeIn(other)).toContain(`styles=wildfire,${digestOf(otherPhoto.bytes)} mix=1:1 mask=`);
  });

  it('says what a recipe lacks that is pasted elsewhere, unless the pictures are one’s own', async () => {
    const recipe = (recipeIn(result) ?? '').replace(/mask=\S+/, '');
    const elsewhere = stage.guild.createChannel({ name: 'elsewhere' });
    const carl = stage.newcomer('Carl').in(elsewhere);
    await expectRefusal(
      await carl.command('lab', { recipe }),
      /don't keep, or not for here: \*\*content, style, style-2\*\*/,
    );
    const partly = await carl.command('lab', { recipe, content: photo, style: painting });
    await expectRefusal(partly, /\*\*style-2\*\*/);
    const own = await resultOf(await stage.alice.in(elsewhere).command('lab', { recipe }));
    await stage.bot.until(() => (stage.bot.log.at(-1)?.msg === 'job closed' ? true : undefined), 'the job is closed');
    const last = await resultOf(await stage.alice.in(elsewhere).command('lab', { recipe: 'size=64 epochs=1' }));
    expect(last.text).toContain(
      `from [this message](https://discord.com/channels/${stage.guild.id}/${elsewhere.id}/${own.id})`,
    );
    await expectRefusal(await carl.command('lab', { recipe: 'styles=wildfire' }), 'Attach a picture');
    await expectRefusal(await ask('lab', { content: photo, recipe: 'styles=winter' }), 'no style "winter"');
  });

  it('leaves in an age-restricted channel what was used there', async () => {
    const adults = stage.guild.createChannel({ name: 'adults', isAgeRestricted: true });
    const secret = { name: 'secret.png', bytes: await sharp(photo.bytes).resize(80).png().toBuffer() };
    const there = await stage.alice.in(adults).command('lab', { content: secret, recipe: 'size=64 epochs=1' });
    const recipe = recipeIn(await resultOf(there)) ?? '';
    expect(recipe).toContain(`content=${digestOf(secret.bytes)} styles=white-walker`);
    await expectRefusal(await ask('lab', { recipe }), '**content**');
    await resultOf(await stage.bob.in(adults).command('lab', { recipe }));
  });

  it('knows a style of the server by its digest', async () => {
    const { mormont, channel } = stage;
    const added = await mormont
      .in(channel)
      .command('styles', { name: 'ginger', image: otherPhoto }, { subcommand: 'add' });
    await added.until(({ message }) => message?.text.includes('ginger'));
    const order = await ask('lab', { content: photo, preset: 'ginger', recipe: 'size=64 epochs=1' });
    const first = await resultOf(order);
    expect(recipeIn(first)).toMatch(/styles=sha256:[0-9a-f]{16}$/);
    const elsewhere = stage.guild.createChannel({ name: 'ginger' });
    const again = await stage.bob.in(elsewhere).command('lab', { content: photo, recipe: recipeIn(first) ?? '' });
    expect((await resultOf(again)).text).toContain('**Lab: ginger**');
  });

  it('takes another recipe for the same pictures', async () => {
    const form = await stage.bob.click(result, 'Change the recipe…');
    await form.acknowledged;
    expect(JSON.stringify(form.modal)).toContain(recipeIn(result));
    const { message } = await painted(await stage.bob.submit(form, { recipe: 'size=64 epochs=2' }));
    expect(message?.text).toContain('masked**\n-# 2 epochs · 64 × 64');
  });

  it('takes other choices for it, which go before the text; those that were left alone leave it to the text', async () => {
    const form = await stage.bob.click(result, 'Change the recipe…');
    const again = await painted(
      await stage.bob.submit(form, {
        recipe: 'size=64 epochs=2 keep-colors=match statistic=moments',
        'keep-colors': 'luminance',
        showing: ['spoiler'],
      }),
    );
    const { message } = again;
    if (!message) throw new Error('There is no result');
    expect(recipeIn(message)).toContain(' size=64 epochs=2 keep-colors=luminance statistic=moments ');
    expect(message.attachments.every(({ spoiler }) => spoiler)).toBe(true);
    const filled = await stage.bob.click(message, 'Change the recipe…');
    const shown = await painted(
      await stage.bob.submit(filled, { 'keep-colors': 'none', statistic: 'gram', showing: [] }),
    );
    expect(shown.message?.text).toContain(' size=64 epochs=2 statistic=gram ');
    expect(shown.message?.attachments.some(({ spoiler }) => spoiler)).toBe(false);
  });

  it('keeps a recipe that is refused, with the choices, and goes back to the form with them', async () => {
    const form = await stage.bob.click(result, 'Change the recipe…');
    const choices = { 'keep-colors': 'luminance', statistic: 'gram', showing: ['spoiler'] };
    const refusal = await stage.bob.submit(form, { recipe: 'sice=64\n`epochs=2`', ...choices });
    await expectRefusal(refusal, /no "sice" in recipes.*```\nsice=64\nepochs=2\n```/s);
    const again = await stage.bob.click(refusal.message ?? result, 'Back to the form');
    await again.acknowledged;
    expect(JSON.stringify(again.modal)).toContain('"value":"sice=64\\nepochs=2"');
    const { message } = await painted(await stage.bob.submit(again, { recipe: 'size=64 epochs=2' }));
    expect(message?.text).toContain(' size=64 epochs=2 keep-colors=luminance statistic=gram ');
    expect(message?.attachments.every(({ spoiler }) => spoiler)).toBe(true);
  });

  it.each([
    ['settings that are too long', { recipe: `regions=${'1,2,3,4;'.repeat(150)}1,2,3,4` }, 'may have 1200 characters'],
    ['an unknown key', { recipe: 'sice=64' }, /no "sice" in recipes\. Choose from network, .*style-weight/],
    [
      'an impossible value',
      { recipe: 'optimizer=magic' },
      /\*\*optimizer\*\* can't be "magic": choose from lbfgs, adam/,
    ],
    ['more epochs than are allowed, over all scales', { epochs: '200,101' }, 'Epochs go from 1 to 300'],
    ['a larger size than is allowed', { recipe: 'size=1600' }, 'Sizes go from 64 to 1024'],
    ['no number of epochs, with what the server allows', { epochs: 'abc' }, '300 in all at most'],
    ['no number as a size, with what the server allows', { recipe: 'size=abc' }, 'a number from 64 to 1024'],
    ['a longer history than is kept', { recipe: 'history=abc' }, 'a number from 1 to 20'],
    ['a mix of one style', { mix: '2:1' }, 'A mix needs two styles'],
    ['a mix that is none', { mix: 'much' }, '"much" is no mix'],
    ['a digest that is none', { recipe: 'content=sha256:12' }, 'first 16 digits of the SHA-256'],
  ])('refuses %s', async (_what, values, text) => {
    await expectRefusal(await ask('lab', { content: photo, ...values }), text);
  });
});
