import { setTimeout as wait } from 'node:timers/promises';
import { pino } from 'pino';
import { jobSchemaVersion } from '../jobs/redis/job-schema.js';
import { Presence, type WorkerInfo } from '../jobs/redis/presence.js';
import { RedisLink } from '../jobs/redis/redis-link.js';
import { evicts, isTooOld, readSettings } from '../jobs/redis/redis-settings.js';
import { type Finding, failure, ok, warning } from './finding.js';

/** How long Redis may take to answer. */
const patienceMs = 5000;

/** Checks whether Redis answers and keeps what it is given, and which workers are connected. */
export async function checkRedis(url: string): Promise<readonly Finding[]> {
  const link = new RedisLink({ url, failsFast: true, log: pino({ level: 'silent' }) });
  try {
    await Promise.race([link.untilUp(), wait(patienceMs, undefined, { ref: false })]);
    const { problem } = link;
    if (problem === undefined) return [await checkServer(link), ...(await checkWorkers(link))];
    const remedy = link.isConnected
      ? 'Jobs wait until Redis takes writes again. Its own log says why it does not: its memory or disk is full, or it is a replica.'
      : 'Check REDIS_URL, its password, and whether Redis runs and is let through to this machine.';
    return [failure('redis', problem, remedy)];
  } finally {
    link.close();
  }
}

async function checkServer({ redis }: RedisLink): Promise<Finding> {
  const settings = await readSettings(redis);
  const version = `Redis ${settings.version}`;
  if (isTooOld(settings)) return warning('redis', `${version} is too old.`, 'Update it to 6.2 or newer.');
  if (evicts(settings)) {
    const remedy = 'Set `maxmemory-policy noeviction`.';
    const what = `${version} may throw jobs away when its memory is full (${settings.evictionPolicy}).`;
    return warning('redis', what, remedy);
  }
  if (settings.isAppending === false) {
    const remedy = 'Set `appendonly yes`, so that workers need not begin again.';
    return warning('redis', `${version} forgets what runs when it is restarted; the bot puts it there again.`, remedy);
  }
  return ok('redis', `${version} answers, and keeps what it is given.`);
}

async function checkWorkers(link: RedisLink): Promise<readonly Finding[]> {
  const workers = await new Presence(link).workers();
  if (workers.length === 0) {
    return [warning('workers', 'No worker is there: jobs wait.', 'Run `whitewalker worker` with the same REDIS_URL.')];
  }
  return workers.map(findingOf);
}

function findingOf({ host, version, schema, slots, networks, maxSize }: WorkerInfo): Finding {
  const size = maxSize === null ? '' : `, up to ${maxSize} pixels`;
  const what = `${host}: whitewalker ${version}, ${slots} at once, ${networks.join(', ')}${size}`;
  if (schema === jobSchemaVersion) return ok('workers', `${what}.`);
  return warning(
    'workers',
    `${what}; it speaks job schema ${schema}, this one ${jobSchemaVersion}.`,
    'Update the older.',
  );
}
