import { AttachmentBuilder } from 'discord.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { picture, Scene, saying, upload } from './scene.js';

let scene: Scene;

beforeEach(async () => {
  scene = await Scene.open();
});

afterEach(() => scene.close());

describe('requests that go wrong', () => {
  it('are tried again by discord.js after 429 and 500', async () => {
    const { discord } = scene;
    scene.answer = saying('at last');
    const path = /callback$/;
    const planned = [discord.faults.rateLimited({ path, retryAfterMs: 20 }), discord.faults.serverError({ path })];
    await (await scene.paint()).acknowledged;
    expect(planned.map(({ hits }) => hits)).toEqual([1, 1]);
    const statuses = () => discord.requests.filter((request) => path.test(request.path)).map(({ status }) => status);
    await discord.until(() => statuses().length === 3);
    expect(statuses()).toEqual([429, 500, 204]);
    discord.assertCorrect();
  });

  it('have been done all the same where only the answer was lost', async () => {
    const { discord, channel } = scene;
    const sendable = await sendableChannel();
    const planned = discord.faults.next({ method: 'POST', path: /messages$/, do: 'reset-after-processing' });
    // discord.js sends the request again by itself; the nonce keeps that from making a second message.
    await sendable.send({ content: 'once', nonce: '1', enforceNonce: true });
    expect(planned.hits).toBe(1);
    expect(channel.messages.map(({ content }) => content)).toEqual(['once']);
  });

  it('break off in the middle of an upload', async () => {
    const { discord, channel } = scene;
    const sendable = await sendableChannel();
    const planned = discord.faults.next({ method: 'POST', path: /messages$/, do: { resetAfterBytes: 100_000 } });
    await sendable.send({ files: [new AttachmentBuilder(Buffer.alloc(1_000_000), { name: 'a.bin' })] });
    expect(planned.hits).toBe(1);
    expect(discord.requests.filter(({ method }) => method === 'POST').map(({ status }) => status)).toContain(0);
    expect(channel.messages).toHaveLength(1);
  });

  it('are forbidden in a channel', async () => {
    const sendable = await sendableChannel();
    scene.discord.faults.postingForbidden();
    await expect(sendable.send('hm')).rejects.toMatchObject({ status: 403, code: 50013 });
    await sendable.send('well');
  });
});

async function sendableChannel() {
  const channel = await scene.client.channels.fetch(scene.channel.id);
  if (!channel?.isSendable()) throw new Error('The bot cannot send there');
  return channel;
}

describe('the CDN', () => {
  async function attachmentUrl(): Promise<string> {
    const message = await scene.alice.in(scene.channel).post({ files: [upload] });
    const [attachment] = message.toApi().attachments;
    return attachment?.url ?? '';
  }

  it('gives a file out for as long as its address is signed', async () => {
    const url = await attachmentUrl();
    const response = await fetch(url);
    expect(response.headers.get('content-type')).toBe('image/png');
    expect(Buffer.from(await response.arrayBuffer())).toEqual(picture);
    expect((await fetch(url.replace(/\?.*/, ''))).status).toBe(403);
    expect((await fetch(url.replace('ex=', 'ex=f'))).status).toBe(404);
    scene.discord.advance(25 * 3_600_000);
    expect((await fetch(url)).status).toBe(404);
  });

  it('has no business with the token of a bot', async () => {
    await fetch(await attachmentUrl(), { headers: { authorization: `Bot ${scene.discord.token}` } });
    expect(scene.discord.violations.join()).toContain('Authorization');
  });

  it('misbehaves as it is told', async () => {
    const { faults } = scene.discord;
    const url = await attachmentUrl();
    const read = async (response: Response) => (await response.arrayBuffer()).byteLength;

    faults.cdn({ slowBody: { chunkBytes: 10, everyMs: 1 } });
    expect(await read(await fetch(url))).toBe(picture.byteLength);

    faults.cdn({ contentLength: 1e12 });
    const huge = await fetch(url);
    expect(huge.headers.get('content-length')).toBe('1000000000000');
    await huge.body?.cancel();

    faults.cdn({ endsAfterBytes: 10 });
    await expect(fetch(url).then(read)).rejects.toThrow();

    faults.cdnRedirect('http://elsewhere.example/');
    expect((await fetch(url, { redirect: 'manual' })).headers.get('location')).toBe('http://elsewhere.example/');

    faults.cdn({ status: 404 });
    expect((await fetch(url)).status).toBe(404);

    faults.cdn('endless-body');
    let bytes = 0;
    for await (const chunk of (await fetch(url)).body ?? []) {
      bytes += chunk.byteLength;
      if (bytes > 1_000_000) break;
    }
    expect(bytes).toBeGreaterThan(1_000_000);
  });
});
