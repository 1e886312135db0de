import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noBrowser } from './browser.js';
import { type FilledIn, OpenPlayground, picturePath, type Visitor } from './visitor.js';

/** Every slash command, how it is filled in, and what is to be read in the answer. */
const uses: readonly (readonly [title: string, filledIn: FilledIn, answer: RegExp])[] = [
  ['help', {}, /I repaint a picture/],
  ['queue', {}, /Nothing is waiting|pictures/],
  ['privacy show', {}, /What I keep of you/],
  ['settings show', {}, /Settings of this server/],
  ['settings epochs', { texts: { max: '120' } }, /up to 120/],
  ['settings size', { texts: { max: '700' } }, /up to 700 pixels/],
  ['settings animation frames', { texts: { max: '12' } }, /up to 12 frames/],
  ['settings animation off', {}, /their first frame is painted/],
  ['settings limits', { texts: { active: '7' } }, /7 at once/],
  ['settings quality', { texts: { default: 'draft' } }, /nobody chooses: draft/],
  ['settings channels allow', { texts: { channel: '#studio' } }, /only #studio/],
  ['settings channels deny', { texts: { channel: '#gallery' } }, /not #gallery/],
  ['settings channels remove', { texts: { channel: '#gallery' } }, /Channels: only #studio/],
  ['settings channels clear', {}, /Channels: all/],
  ['settings channels age-restricted', { texts: { allowed: 'False' } }, /not age-restricted ones/],
  ['settings roles allow', { texts: { role: '@Moderator' } }, /only @Moderator/],
  ['settings roles remove', { texts: { role: '@Moderator' } }, /Roles: everybody/],
  ['settings roles clear', {}, /Roles: everybody|Nothing has changed/],
  ['settings people block', { texts: { person: '@Ben', for: 'a day' } }, /Blocked: @Ben until/],
  ['settings people unblock', { texts: { person: '@Ben' } }, /Blocked: nobody/],
  ['settings log', { texts: { channel: '#gallery' } }, /Log: #gallery/],
  ['settings reset', {}, /Log: nowhere/],
  ['styles add', { texts: { name: 'ginger fur' }, files: { image: 'chelsea.jpg' } }, /ginger.fur is a style/],
  ['styles remove', { texts: { name: 'ginger fur' } }, /ginger.fur is gone/],
  ['styles save', { texts: { name: 'my fur' }, files: { image: 'chelsea.jpg' } }, /my.fur is a style of your own/],
  ['styles forget', { texts: { name: 'my fur' } }, /my.fur is gone/],
  ['styles list', {}, /Page 1 of 2/],
  ['defaults', { texts: { 'keep-colors': 'True' } }, /the colours of your picture/],
  ['spot-difference', { files: { first: 'coffee.jpg', second: 'coffee.jpg' } }, /Maud used \/spot-difference/],
  ['layers', { texts: { layers: 'relu1_1', quality: 'draft' }, files: { image: 'astronaut.jpg' } }, /layers/],
  ['texture', { texts: { preset: 'Dragonfire', quality: 'draft', tile: 'True' } }, /Dragonfire/],
  ['lab', { texts: { epochs: '3', size: '64', init: 'noise' }, files: { content: 'astronaut.jpg' } }, /init=noise/],
  ['whitewalker', { texts: { quality: 'draft' }, files: { content: 'astronaut.jpg' } }, /White Walker/],
  ['privacy delete', {}, /cannot be undone/],
];

describe.skipIf(noBrowser)(`commands in the playground (${noBrowser ?? 'in Chromium'})`, () => {
  let open: OpenPlayground;
  let maud: Visitor;

  beforeAll(async () => {
    open = await OpenPlayground.open();
    maud = open.owner;
    await maud.be('Maud');
  });

  afterAll(async () => {
    await open?.close();
  });

  it('are all there that the bot has registered', async () => {
    await maud.field.fill('/');
    const titles = await maud.page.getByRole('option').locator('.entry-label').allTextContents();
    expect(titles.sort()).toEqual(uses.map(([title]) => `/${title}`).sort());
    await maud.field.fill('');
  });

  it.each(uses)('/%s is answered', async (title, filledIn, answer) => {
    const message = await maud.use(title, filledIn);
    await message.filter({ hasText: answer }).waitFor();
    if (filledIn.files?.content || title === 'texture') await maud.untilPainted(message);
  });

  it.each([
    ['layers', 'image', undefined, 'This option is required. Specify a value.'],
    ['whitewalker', 'epochs', '0', 'Enter a value greater than or equal to 1.'],
    ['whitewalker', 'epochs', 'many', 'Enter a valid integer.'],
    ['whitewalker', 'quality', 'best', 'Enter a valid choice.'],
    ['whitewalker', 'private', 'perhaps', 'Enter either True or False.'],
    ['lab', 'style-scale', '9', 'Enter a value less than or equal to 4.'],
    ['lab', 'mix', '1234567890:12345678901', 'Must be 20 or fewer in length.'],
    ['settings channels allow', 'channel', '#nowhere', 'Enter a valid channel.'],
    ['settings roles allow', 'role', '@nobody', 'Enter a valid role.'],
  ])('/%s is not sent with %s as %s, and Discord’s words say why', async (title, option, text, why) => {
    const form = await maud.begin(title);
    if (text !== undefined) {
      const input = form.locator('input').and(form.getByLabel(option, { exact: true }));
      if ((await input.count()) === 0) await maud.add(form, option);
      await input.fill(text);
    }
    await form.getByRole('button', { name: 'Send' }).click();
    await form.getByText(why).first().waitFor();
    await form.getByRole('button', { name: 'Cancel the command' }).click();
    await form.waitFor({ state: 'detached' });
  });

  it('are not sent with files that are too large or of another kind', async () => {
    const form = await maud.begin('layers');
    const file = form.getByLabel('Choose a file for image');
    await file.setInputFiles({ name: 'huge.png', mimeType: 'image/png', buffer: Buffer.alloc(10 * 2 ** 20 + 1) });
    await form.getByText('Your files are too powerful. Max file size: 10 MB').waitFor();
    await file.setInputFiles({ name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('x') });
    await form.getByText('Only files of these types: image').waitFor();
    await form.getByRole('button', { name: 'Cancel the command' }).click();
  });

  it('are offered in the menus of messages, and ask which picture where there are several', async () => {
    await maud.open('gallery');
    const [cat, two] = [await maud.message('My cat'), await maud.message('Which of these two')];
    const turn = () => maud.page.getByRole('menuitem', { name: 'Turn into a White Walker' }).click();
    await cat.getByText('My cat').click({ button: 'right' });
    const walker = await maud.answerTo(turn);
    await walker.filter({ hasText: 'used Turn into a White Walker' }).waitFor();
    await maud.untilPainted(walker);
    await two.hover();
    await two.getByRole('button', { name: 'More about the message of Ada' }).click();
    const question = await maud.answerTo(turn);
    await question.filter({ hasText: 'Which picture?' }).waitFor();
    await question.getByRole('combobox', { name: 'Choose a picture' }).click();
    await maud.untilPainted(await maud.answerTo(() => question.getByRole('option', { name: /Picture 2/ }).click()));
  });

  it('take the address of a picture that the page shows', async () => {
    await maud.open('gallery');
    const picture = (await maud.message('My cat')).locator('.pictures img').first();
    const link = await picture.evaluate((image: HTMLImageElement) => image.src);
    expect(link).toContain(new URL(maud.page.url()).origin);
    await maud.untilPainted(await maud.use('whitewalker', { texts: { link, quality: 'draft' } }));
  });

  it('are offered in the menus of people', async () => {
    await maud.page.getByRole('button', { name: 'More about Ben' }).click();
    const walk = maud.page.getByRole('menuitem', { name: 'White-walk this avatar' });
    const walker = await maud.answerTo(() => walk.click());
    await walker.filter({ hasText: 'used White-walk this avatar' }).waitFor();
    await maud.untilPainted(walker);
    await maud.open('studio');
  });

  it('have buttons below their results, and forms with every kind of field', async () => {
    const first = await maud.message('Maud used /whitewalker');
    for (const name of ['More epochs', 'Stronger', 'Larger']) {
      await maud.untilPainted(await maud.answerTo(() => first.getByRole('button', { name }).click()));
    }
    await first.getByRole('button', { name: 'Again with…' }).click();
    const form = maud.page.getByRole('dialog', { name: 'Again with…' });
    await form.getByRole('combobox', { name: 'Strength and colours' }).click();
    await form
      .getByRole('option', { name: /strong/ })
      .first()
      .click();
    await form.getByRole('combobox', { name: 'Size and care' }).click();
    await form.getByRole('option', { name: 'draft' }).click();
    await form.getByLabel('Choose a file for Or a picture').setInputFiles(picturePath('ice-shards.png'));
    await form.getByLabel(/^Epochs/).fill('');
    await form.getByRole('button', { name: 'Submit' }).click();
    await form.getByText('This field is required').waitFor();
    await form.getByLabel(/^Epochs/).fill('2');
    const styled = await maud.answerTo(() => form.getByRole('button', { name: 'Submit' }).click());
    await form.waitFor({ state: 'detached' });
    await styled.filter({ hasText: 'your own style' }).waitFor();
    await maud.untilPainted(styled);

    await (await maud.message('init=noise')).getByRole('button', { name: 'Change the recipe…' }).click();
    const recipe = maud.page.getByRole('dialog', { name: 'Change the recipe…' });
    await recipe.getByRole('textbox').fill('size=64 epochs=2 init=style');
    await recipe.getByRole('group', { name: "Your picture's colours" }).getByText('stay', { exact: true }).click();
    await recipe.getByRole('checkbox', { name: 'behind a spoiler' }).check();
    const again = await maud.answerTo(() => recipe.getByRole('button', { name: 'Submit' }).click());
    await again.filter({ hasText: 'keep-colors=luminance init=style' }).waitFor();
    await again.getByRole('button', { name: 'Spoiler: show' }).first().waitFor();
    await maud.untilPainted(again);
    await again.getByRole('button', { name: 'Delete' }).click();
    await again.waitFor({ state: 'detached' });
  });

  it('have pages to turn, something to dismiss, and questions to answer', async () => {
    const gallery = await maud.message('Page 1 of 2');
    await gallery.getByRole('button', { name: 'Next' }).click();
    await gallery.filter({ hasText: 'Page 2 of 2' }).waitFor();
    await gallery.getByRole('button', { name: 'Previous' }).click();
    await gallery.filter({ hasText: 'Page 1 of 2' }).waitFor();
    await gallery.getByRole('button', { name: 'Dismiss message' }).click();
    await gallery.waitFor({ state: 'detached' });
    await (await maud.message('cannot be undone')).getByRole('button', { name: 'Delete everything' }).click();
    await maud.message(/Done: \d+ orders deleted/);
  });

  it('did nothing that Discord forbids, and never made the browser complain', async () => {
    await maud.page.getByText('Discord has forbidden nothing so far.').waitFor();
    expect(maud.complaints).toEqual([]);
  });
});
