import type { BaseInteraction } from 'discord.js';
import { afterAll, describe, expect, it } from 'vitest';
import { Database } from '../../src/database/database.js';
import { checkLimits } from '../../src/discord/admission.js';
import { labRequest } from '../../src/discord/kinds/lab.js';
import { layersRequest } from '../../src/discord/kinds/layers.js';
import type { Plan, Request } from '../../src/discord/kinds/request.js';
import { spotDifferenceRequest } from '../../src/discord/kinds/spot-difference.js';
import { styleTransferRequest } from '../../src/discord/kinds/style-transfer.js';
import { textureRequest } from '../../src/discord/kinds/texture.js';
import { settingsMessage } from '../../src/discord/messages/settings-message.js';
import { english } from '../../src/discord/texts/english.js';
import { german } from '../../src/discord/texts/german.js';
import { UserError } from '../../src/discord/user-error.js';
import { Journal } from '../../src/jobs/journal.js';
import { defaultServerSettings, SettingsStore, settingBounds } from '../../src/settings/server-settings.js';
import type { CompleteQualities } from '../../src/works/quality.js';
import { sizeOf, type Task } from '../../src/works/works.js';
import { acceptedJob } from '../jobs/accepted-job.js';
import { durationsOfTests, transferTask } from '../jobs/some-jobs.js';

const limits = { epochsMax: 60, sizeMax: 320, queueLength: 2 };
const jobSeconds = 120;
const database = Database.open(':memory:');
afterAll(() => database.close());
const settings = new SettingsStore(database, defaultServerSettings, limits);
const most = {
  epochsMax: settingBounds.epochs.max,
  epochsDefault: settingBounds.epochs.max,
  sizeMax: settingBounds.size.max,
  queueLength: settingBounds.queue.max,
  activePerPerson: settingBounds.active.max,
  dailyPerPerson: settingBounds.daily.max,
};

/** What servers may have set: nothing, the most of all, and the most of each setting alone. */
const servers = [
  {},
  most,
  // Where nobody chooses, there are no more epochs than the most, so the most is set as well.
  ...Object.entries(most).map(([name, value]) => ({ epochsMax: most.epochsMax, [name]: value })),
];

const large = { network: 'vgg19-lite', size: 2048, epochs: 1000 } as const;
const qualities: CompleteQualities = { draft: large, standard: large, high: large };
const picture = { kind: 'url', url: 'https://cdn.discordapp.com/attachments/1/2/snow.png' } as const;
const preset = { kind: 'preset', preset: { name: 'white-walker' } } as const;
const lab = (recipe: Parameters<typeof labRequest>[0]['recipe']) =>
  labRequest({ content: picture, styles: [{ style: preset, weight: 1 }], recipe });

/** The largest wishes, of every kind. */
const wishes: readonly (readonly [string, Request])[] = [
  ['a transfer as the server has it', styleTransferRequest({ content: picture, style: preset })],
  ['a transfer of the highest quality', styleTransferRequest({ content: picture, style: preset, quality: 'high' })],
  ['a transfer of many epochs', styleTransferRequest({ content: picture, style: preset, epochs: 1000 })],
  ['a texture', textureRequest({ style: preset, quality: 'high' })],
  ['a texture of many epochs', textureRequest({ style: preset, epochs: 1000 })],
  ['layers', layersRequest({ content: picture, quality: 'high' })],
  ['layers of many epochs', layersRequest({ content: picture, epochs: 1000 })],
  ['differences', spotDifferenceRequest({ first: picture, second: picture })],
  ['the laboratory', lab({})],
  ['the laboratory, of many epochs', lab({ epochs: 1000 })],
  ['the laboratory, of many epochs by scale', lab({ scaleEpochs: [999, 1] })],
  ['the laboratory, large', lab({ size: 2048 })],
  ['the laboratory, large and of few epochs', lab({ size: 2048, epochs: 1 })],
];

function epochsOf(task: Task): number {
  switch (task.kind) {
    case 'style-transfer':
      return task.transfer.scaleEpochs?.reduce((sum, epochs) => sum + epochs, 0) ?? task.transfer.epochs;
    case 'layers':
      return (task.layers?.length ?? 1) * task.epochs;
    default:
      return task.epochs;
  }
}

/** Returns the plan for a request in a server; undefined where the request is refused. */
function planOf(request: Request, server: (typeof servers)[number]): Plan | undefined {
  settings.change('guild', { ...defaultServerSettings, ...server });
  try {
    return request(settings.of('guild'), {
      config: {
        qualities,
        keepInputsMs: 0,
        attachmentOrigins: [],
        maxInputBytes: 1,
        computeSlots: 1,
        jobSeconds,
      },
      hasNetwork: () => true,
    });
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    return undefined;
  }
}

describe('what no server’s settings get past', () => {
  it.each(wishes)('size and epochs of %s', (_, request) => {
    for (const server of servers) {
      const plan = planOf(request, server);
      if (plan === undefined) continue;
      expect(sizeOf(plan.task)).toBeLessThanOrEqual(limits.sizeMax);
      expect(epochsOf(plan.task)).toBeLessThanOrEqual(limits.epochsMax);
    }
  });

  const journal = new Journal(database);
  const durations = durationsOfTests();
  const admit = (server: (typeof servers)[number], task = transferTask(64, 1)) => {
    const { reply } = acceptedJob();
    const held = settings.change('guild', { ...defaultServerSettings, ...server });
    // Only these fields of an interaction are looked at.
    const interaction = { user: { id: 'ann' }, guildId: 'guild', authorizingIntegrationOwners: { 0: 'guild' } };
    const jobs = { estimateSeconds: (asked: Task) => durations.secondsOf(asked), queue: { estimateEnd: () => 0 } };
    checkLimits(
      interaction as unknown as BaseInteraction,
      { settings: held, task, reply },
      { jobs, journal, config: { jobSeconds } },
    );
  };

  it('seconds of a job: what would take far more is refused', () => {
    for (const server of servers) {
      expect(() => admit(server)).not.toThrow();
      expect(() => admit(server, transferTask(512, 1000))).not.toThrow();
      expect(() => admit(server, transferTask(1024, 1000))).toThrow(
        expect.objectContaining({ code: 'too-long', context: { seconds: expect.any(Number), limit: jobSeconds } }),
      );
    }
  });

  it('jobs that may wait', async () => {
    for (const ownerId of ['ben', 'cid']) await journal.accept(acceptedJob({ ownerId }));
    for (const server of servers) {
      expect(() => admit(server)).toThrow(
        expect.objectContaining({ code: 'server-queue-full', context: { count: 2, limit: limits.queueLength } }),
      );
    }
  });

  it('pictures a day: where the limit was lowered, so many have to be a day old first', async () => {
    const acceptedAt = [3, 2, 1].map((hours) => Date.now() - hours * 3_600_000);
    for (const at of acceptedAt) await journal.accept(acceptedJob({ ownerId: 'ann', acceptedAt: at }));
    const again = (acceptedAt[1] ?? 0) + 24 * 3_600_000;
    expect(() => admit({ dailyPerPerson: 2, activePerPerson: 9 })).toThrow(
      expect.objectContaining({ code: 'daily-limit', context: { count: 3, limit: 2, again } }),
    );
  });

  it('and all of it is said to those who look', () => {
    settings.change('guild', most);
    const view = { settings: settings.of('guild'), wished: settings.wished('guild'), blocked: [], jobSeconds };
    const shown = settingsMessage(english, view, qualities);
    for (const limited of ['up to 60', '1000', 'up to 320 pixels', '2048', '2 waiting', 'up to 2 minutes']) {
      expect(shown).toContain(limited);
    }
    expect(settingsMessage(german, view, qualities)).toContain('bis zu 2 Minuten');
    expect(settingsMessage(english, { ...view, jobSeconds: undefined }, qualities)).not.toContain('Time for');
  });
});
