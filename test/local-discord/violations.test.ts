import { get } from 'node:http';
import { ApplicationCommandOptionType, ComponentType, MessageFlags } from 'discord.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OpenApiCheck } from '../../src/local-discord/openapi-check.js';
import { discordDescription } from '../shared-folder.js';
import { picture, Scene } from './scene.js';

let scene: Scene;

beforeAll(async () => {
  scene = await Scene.open({ rateLimits: { postMessage: { limit: 1000, windowMs: 1000 } } });
});

afterAll(() => scene.close());

/** Sends a request of the bot; returns the error that it meets, if any, and the violations that are noted. */
async function verdict(method: 'post' | 'put', route: `/${string}`, body: unknown) {
  scene.discord.forgetViolations();
  const refusal: unknown = await scene.client.rest[method](route, { body }).then(
    () => undefined,
    (error) => error,
  );
  return { refusal, violations: scene.discord.violations.join('\n') };
}

const send = (body: unknown) => verdict('post', `/channels/${scene.channel.id}/messages`, body);
const register = (body: unknown) => verdict('put', `/applications/${scene.discord.applicationId}/commands`, body);

const button = (custom_id: string) => ({ type: ComponentType.Button, style: 1, label: 'x', custom_id });
const row = (...components: object[]) => ({ type: ComponentType.ActionRow, components });
const text = (content: string) => ({ type: ComponentType.TextDisplay, content });
const v2 = (...components: object[]) => ({ flags: MessageFlags.IsComponentsV2, components });
const container = (...components: object[]) => ({ type: ComponentType.Container, components });
const gallery = (...items: object[]) => ({ type: ComponentType.MediaGallery, items });
const media = { url: 'https://example.org/a.png' };
const poll = { question: { text: 'Cold?' }, answers: ['Yes', 'No'].map((text) => ({ poll_media: { text } })) };
const option = (name: string, rest: object = {}) => ({
  type: ApplicationCommandOptionType.String,
  name,
  description: 'd',
  ...rest,
});
const command = (rest: object) => [{ name: 'paint', description: 'd', ...rest }];

describe('a request', () => {
  it.each(['*', '/attachments/%E0%A4%A', 'http://localhost:x/'])(
    'for %s is refused, and harms nobody',
    async (path) => {
      scene.discord.forgetViolations();
      const { hostname, port } = new URL(scene.discord.apiUrl);
      const status = await new Promise((resolve, reject) => {
        get({ hostname, port, path }, (response) => resolve(response.resume().statusCode)).on('error', reject);
      });
      expect([status, scene.discord.violations.join()]).toEqual([400, expect.stringContaining('no path')]);
      expect((await send({ content: 'Still here' })).violations).toBe('');
    },
  );
});

describe('a message', () => {
  // Where Discord's description is here, it says some of this first, in its own words.
  it.each<[string, object, string | RegExp]>([
    ['too much content', { content: 'x'.repeat(2001) }, '2000'],
    ['two equal custom_ids', { content: 'x', components: [row(button('a'), button('a'))] }, 'twice'],
    ['a custom_id of 101 characters', { content: 'x', components: [row(button('a'.repeat(101)))] }, '100'],
    ['six rows', { content: 'x', components: [1, 2, 3, 4, 5, 6].map((n) => row(button(`${n}`))) }, '5 are allowed'],
    ['an old flag for new components', { components: [text('x')] }, 'IS_COMPONENTS_V2'],
    [
      'content beside new components',
      { content: 'x', flags: MessageFlags.IsComponentsV2, components: [text('x')] },
      'cannot be used with IS_COMPONENTS_V2',
    ],
    [
      '41 components',
      v2(...[20, 19].map((count) => container(...Array.from({ length: count }, () => text('x'))))),
      '40 are allowed',
    ],
    ['4001 characters in all of its texts', v2(text('x'.repeat(2000)), container(text('x'.repeat(2001)))), '4000'],
    ['embeds beside new components', { ...v2(text('x')), embeds: [{ title: 'x' }] }, 'embeds: cannot be used'],
    ['stickers beside new components', { ...v2(text('x')), sticker_ids: ['1'] }, 'sticker_ids: cannot be used'],
    ['a poll beside new components', { ...v2(text('x')), poll }, 'poll: cannot be used'],
    [
      'a gallery of eleven',
      v2(gallery(...Array.from({ length: 11 }, () => ({ media })))),
      /1 to 10 are allowed|more than 10 items/,
    ],
    [
      'a container in a container',
      v2(container(container(text('x')))),
      /cannot be in another|components\.0\.components\.0/,
    ],
    [
      'a section without an accessory',
      v2({ type: ComponentType.Section, components: [text('x')] }),
      /an accessory|'accessory'/,
    ],
    ['a file from elsewhere', v2({ type: ComponentType.File, file: media }), 'must be one of the message'],
    [
      'a gallery of a file that it does not have',
      v2(gallery({ media: { url: 'attachment://a.png' } })),
      'names no file',
    ],
    ['a reference to no file', { embeds: [{ image: { url: 'attachment://a.png' } }] }, 'names no file'],
    ['a file that was not sent', { content: 'x', attachments: [{ id: '0' }] }, 'neither the number'],
    ['too much in its embeds', { embeds: [1, 2].map(() => ({ description: 'x'.repeat(3001) })) }, '6000'],
  ])('with %s is refused and noted', async (_what, body, expected) => {
    const { refusal, violations } = await send(body);
    expect(refusal).toMatchObject({ status: 400, code: 50035 });
    expect(violations).toMatch(expected);
  });

  it('of components alone that shows one of its files nowhere is taken and noted, for nobody sees the file', async () => {
    const files = ['a.png', 'b.png'].map((name) => ({ name, data: picture }));
    const post = async (body: object) => {
      scene.discord.forgetViolations();
      const route = `/channels/${scene.channel.id}/messages` as const;
      const sent = await scene.client.rest.post(route, { body, files });
      return { sent, violations: scene.discord.violations.join('\n') };
    };
    const shown = (...names: string[]) =>
      v2(gallery(...names.map((name) => ({ media: { url: `attachment://${name}` } }))));
    expect((await post(shown('a.png', 'b.png'))).violations).toBe('');
    expect((await post(shown('a.png'))).violations).toContain('nobody sees the file b.png');
    await expect(post({ flags: MessageFlags.IsComponentsV2 })).rejects.toMatchObject({ code: 50006 });
    scene.discord.forgetViolations();
  });

  it('that is fine is neither', async () => {
    const components = [row(button('a'), button('b'))];
    expect(await send({ content: 'x', components })).toEqual({ refusal: undefined, violations: '' });
  });
});

describe('a command', () => {
  it.each<[string, object, string]>([
    ['an upper-case name', { name: 'Paint' }, 'lower case'],
    ['a space in its name', { name: 'paint it' }, 'no valid name'],
    ['optional options before required ones', { options: [option('a'), option('b', { required: true })] }, 'before'],
    ['26 options', { options: Array.from({ length: 26 }, (_, n) => option(`o${n}`)) }, '25'],
    ['two equal options', { options: [option('a'), option('a')] }, 'same name'],
    ['an unknown language', { name_localizations: { xx: 'malen' } }, 'no language'],
    ['no description', { description: '' }, '1 to 100'],
    [
      'choices beside autocompletion',
      { options: [option('a', { autocomplete: true, choices: [{ name: 'x', value: 'x' }] })] },
      'not both',
    ],
  ])('with %s is refused and noted', async (_what, rest, expected) => {
    const { refusal, violations } = await register(command(rest));
    expect(refusal).toMatchObject({ status: 400, code: 50035 });
    expect(violations).toContain(expected);
  });

  it('too many are refused', async () => {
    const menus = Array.from({ length: 16 }, (_, n) => ({ name: `Menu ${n}`, type: 3 }));
    expect((await register(menus)).violations).toContain('16 commands of type 3, 15 are allowed');
  });
});

describe.skipIf(!OpenApiCheck.find(undefined))(`Discord's OpenAPI description (${discordDescription.need})`, () => {
  it('refuses what is of the wrong type', async () => {
    const { refusal, violations } = await send({ content: 'x', components: [{ type: 1, components: 'none' }] });
    expect(refusal).toMatchObject({ code: 50035 });
    expect(violations).toBe(`POST /channels/${scene.channel.id}/messages: components.0.components: must be array`);
  });

  it('notes a misspelt field, which Discord would pass over', async () => {
    const { refusal, violations } = await send({ content: 'x', emebds: [] });
    expect(refusal).toBeUndefined();
    expect(violations).toContain('Discord knows no field "emebds" here');
  });

  it('knows no such query', async () => {
    await scene.client.rest
      .get(`/channels/${scene.channel.id}/messages`, { query: new URLSearchParams('limit=ten') })
      .catch(() => undefined);
    expect(scene.discord.violations.join()).toContain('query.limit');
  });
});
