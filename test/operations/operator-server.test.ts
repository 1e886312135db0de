import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { packageRoot } from '../../src/package-root.js';
import { newDataFolder, RunningBot, removeDataFolder } from '../bot/running-bot.js';
import { painted, Stage } from '../bot/stage.js';
import { until } from '../patience.js';
import { exposition } from './exposition.js';

const readinessSchema = z.object({
  ready: z.boolean(),
  checks: z.record(z.string(), z.object({ ok: z.boolean(), problem: z.string().optional() })),
});

let stage: Stage;
let origin: string;
beforeAll(async () => {
  stage = await Stage.set({ METRICS_PORT: '0' });
  origin = String((await stage.bot.untilLogged('operators are answered')).origin);
});
afterAll(async () => {
  stage.discord.assertCorrect();
  await stage.strike();
});

const ask = (path: string, method = 'GET') => fetch(`${origin}${path}`, { method });

/** Fetches the present metrics. */
async function metrics() {
  return exposition(await (await ask('/metrics')).text());
}

/** Asks whether the bot is ready. */
async function readiness() {
  const response = await ask('/readyz');
  const { ready, checks } = readinessSchema.parse(await response.json());
  expect(response.status).toBe(ready ? 200 : 503);
  return { ready, checks };
}

/** Returns what the checks that are not well say, by their names. */
async function problems(): Promise<Readonly<Record<string, string>>> {
  const failing = Object.entries((await readiness()).checks).filter(([, { ok }]) => !ok);
  return Object.fromEntries(failing.map(([name, { problem }]) => [name, problem ?? '']));
}

describe('the server for operators', () => {
  it('listens on the loopback where nothing else is said, and answers what it knows and nothing else', async () => {
    expect(origin).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(await (await ask('/healthz')).json()).toMatchObject({ healthy: true });
    expect((await ask('/readyz?verbose')).headers.get('content-type')).toContain('application/json');
    expect((await ask('/metrics', 'HEAD')).status).toBe(200);
    expect((await ask('/')).status).toBe(404);
    expect((await ask('/__proto__')).status).toBe(404);
    expect((await ask('/metrics', 'POST')).status).toBe(405);
  });

  it('counts jobs, stages, evaluations, calls and crashes', async () => {
    await painted(await stage.order(stage.alice));
    const order = await stage.order(stage.bob, { content: { name: 'a.png', bytes: new TextEncoder().encode('none') } });
    await order.until(({ message }) => message?.text.includes('not a picture') === true);
    const kind = 'style-transfer';
    await until(
      async () => (await metrics()).value('whitewalker_jobs_closed_total', { kind, outcome: 'failed' }) === 1,
    );
    for (const pid of stage.bot.computePids) process.kill(pid, 'SIGKILL');
    await until(async () => (await metrics()).value('whitewalker_compute_restarts_total', { reason: 'crash' }) === 1);
    const now = await metrics();
    expect(now.value('whitewalker_jobs_accepted_total', { kind })).toBe(2);
    expect(now.value('whitewalker_jobs_closed_total', { kind, outcome: 'result' })).toBe(1);
    expect(now.value('whitewalker_evaluations_total', { kind })).toBeGreaterThanOrEqual(3);
    for (const stageName of ['fetch', 'wait', 'compute', 'delivery']) {
      expect(now.value('whitewalker_job_stage_seconds_count', { kind, stage: stageName })).toBeGreaterThan(0);
    }
    expect(now.value('whitewalker_jobs', { state: 'queued' })).toBe(0);
    expect(now.value('whitewalker_discord_calls_total', { method: 'PATCH', status: '200' })).toBeGreaterThan(0);
    expect(now.value('whitewalker_interaction_seconds_count', { type: 'ApplicationCommand' })).toBe(2);
    expect(now.value('whitewalker_compute_slots')).toBe(1);
    expect(now.value('whitewalker_servers')).toBe(1);
    if (process.platform === 'linux') {
      await until(async () => ((await metrics()).value('whitewalker_compute_resident_memory_bytes') ?? 0) > 1e7);
    }
  });

  it('names nobody, no server and no token', async () => {
    const text = await (await ask('/metrics')).text();
    for (const secret of [stage.alice.id, stage.guild.id, stage.channel.id, stage.discord.token]) {
      expect(text).not.toContain(secret);
    }
  });

  it.each(['docs/grafana-dashboard.json', 'docs/alerts.yaml'])(
    'has every metric and label that %s names',
    async (file) => {
      const { requireKnown } = await metrics();
      const text = await readFile(join(packageRoot(), file), 'utf8');
      const expressions = file.endsWith('.json')
        ? JSON.stringify(JSON.parse(text), (_, value) => value).match(/"expr":"(?:[^"\\]|\\.)*"/g)
        : text.match(/expr: (?:>-\n(?: {10}.*\n)+|.*)/g);
      expect(expressions?.length).toBeGreaterThan(10);
      for (const expression of expressions ?? []) requireKnown(expression.replaceAll('\\"', '"'));
    },
  );

  it('that can’t listen keeps the bot from starting, with a sentence', async () => {
    const folder = await newDataFolder();
    const bot = RunningBot.launch(stage.discord, folder, { METRICS_PORT: new URL(origin).port });
    expect(await bot.ended).toBe(2);
    expect(bot.output).toMatch(/^whitewalker: METRICS_HOST and METRICS_PORT: .*in use.*METRICS_PORT empty\.$/m);
    await removeDataFolder(folder);
  });

  it('is ready once everything is, and says since when the gateway is gone', async () => {
    await until(async () => (await readiness()).ready);
    stage.discord.gateway.drop();
    await until(async () =>
      /gateway is down since 20\d\d-.*Z, for \d+ minutes?/.test((await problems()).gateway ?? ''),
    );
    await until(async () => (await readiness()).ready);
  });

  it('says that what stands before Discord turns the machine away, until it does no more', async () => {
    const page = { status: 403, body: '<html>', headers: { 'content-type': 'text/html' } };
    const block = stage.discord.faults.next({ times: 999, do: page });
    await stage.order(stage.alice);
    await until(async () => /turns this machine away \(status 403\)/.test((await problems()).discord ?? ''));
    block.cancel();
    await painted(await stage.order(stage.bob));
    expect(await problems()).toEqual({});
  });
});
