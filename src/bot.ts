import { join } from 'node:path';
import { Events } from 'discord.js';
import type { Logger } from 'pino';
import { commands } from './command-table.js';
import { ComputeHealth } from './compute/compute-health.js';
import { decideSlots } from './compute-slots.js';
import { type BotConfig, databasePath } from './config.js';
import { lockDataFolder } from './database/data-folder-lock.js';
import { Database } from './database/database.js';
import type { BotServices } from './discord/bot-services.js';
import { createClient } from './discord/client.js';
import { Registration } from './discord/command-registration.js';
import { jobButtons, resultModals } from './discord/components/job-buttons.js';
import { menus } from './discord/components/menus.js';
import { privacyButtons } from './discord/components/privacy-buttons.js';
import { Connection } from './discord/connection.js';
import { Deletions } from './discord/deletions.js';
import { DiscordCourier } from './discord/delivery/discord-courier.js';
import { Messenger } from './discord/delivery/messenger.js';
import { Departures } from './discord/departures.js';
import { Router } from './discord/router.js';
import { ServerLog } from './discord/server-log.js';
import { startError } from './discord/start-trouble.js';
import { StyleChoice } from './discord/style-choice.js';
import { watchToken } from './discord/token-watch.js';
import { networkFor } from './engine/choose-network.js';
import { probeGpu } from './engine/gpu-probe.js';
import type { NetworkName } from './engine/topology.js';
import { DurationEstimate } from './jobs/duration-estimate.js';
import { EarlierJobs } from './jobs/earlier-jobs.js';
import { inputLoader } from './jobs/input-loader.js';
import { JobFiles } from './jobs/job-files.js';
import { JobService } from './jobs/job-service.js';
import { Journal } from './jobs/journal.js';
import { Measurements } from './jobs/measurements.js';
import { limitsWithinMemory } from './limits-within-memory.js';
import { withoutSecrets } from './logging.js';
import { openWorkshop } from './open-workshop.js';
import { botChecks, interactionType, observeBot } from './operations/bot-observation.js';
import { observeDiscord } from './operations/discord-health.js';
import { Metrics } from './operations/metrics.js';
import { type OperatorServer, startOperatorServer } from './operations/operator-server.js';
import { packageVersion } from './package-root.js';
import { Erasure } from './privacy/erasure.js';
import { BlockedPeople } from './settings/blocked-people.js';
import { KeptStyles } from './settings/kept-styles.js';
import { PersonalDefaultsStore } from './settings/personal-defaults.js';
import { defaultServerSettings, SettingsStore } from './settings/server-settings.js';
import { withNetworks } from './works/quality.js';

/** A bot that runs. */
export interface Bot {
  /**
   * Never resolves. Rejects once the bot has stopped by itself, as {@link stop} does, because Discord lets it work no
   * more: with `gateway/closed` or `start/unknown-token`, which say what an operator can do.
   */
  readonly ended: Promise<never>;
  /** Stops the bot. Running jobs may finish within the configured `shutdownMs`; the rest resume at the next start. */
  stop(): Promise<void>;
}

const expiryIntervalMs = 10 * 60_000;

/**
 * Starts the bot: connects to Discord, registers the commands if they have changed, and resumes the jobs that an
 * earlier process left. Returns once all of that is done.
 * @throws `weights/…`, `engine/…` or a compute process's error where the engine that is named can't be opened;
 *   `database/…`, also where another bot works with the same data folder; `redis/refused` where Redis doesn't let us in;
 *   `config/cannot-listen` where operators can't be answered at the port that is set; `start/…` and `gateway/closed` where
 *   the token is wrong, Discord can't be reached, or refuses the bot.
 */
export async function startBot(config: BotConfig, log: Logger): Promise<Bot> {
  const gpu = config.redis === undefined ? await probeGpu(config.engine) : undefined;
  // The bot doesn't know which weights its workers have, but all of them have VGG19-lite, which comes with the program.
  const choose = (name: NetworkName | undefined) =>
    gpu ? networkFor(name, gpu.answers).network : (name ?? 'vgg19-lite');
  const qualities = withNetworks(config.qualities, config.network, choose);
  const slots = gpu && decideSlots(config, { usesGpu: gpu.answers, network: qualities.standard.network });
  const here = gpu && {
    engine: config.engine,
    gpu,
    network: networkFor(config.network, gpu.answers).reason,
    slots,
  };
  // A GPU has a memory of its own, and so have workers.
  const limits =
    slots && !gpu.answers
      ? limitsWithinMemory(config.limits, slots.memoryBytes, qualities.standard.network)
      : config.limits;
  log.info(
    { ...here, computing: gpu ? 'here' : 'by workers', qualities, limits, data: config.dataFolder },
    'configuration',
  );
  const metrics = new Metrics(packageVersion());
  const computeHealth = new ComputeHealth();
  const lock = lockDataFolder(config.dataFolder);
  const database = Database.open(databasePath(config), {
    onLoss: (error) => {
      log.error({ err: error }, 'changes could not be written to the database');
      metrics.changesLost();
    },
  });
  const journal = new Journal(database, {
    onDamaged: (error) => log.error({ err: error }, 'a job in the journal is damaged and was skipped'),
  });
  const files = new JobFiles(join(config.dataFolder, 'jobs'));
  const settings = new SettingsStore(database, defaultServerSettings, limits);
  const blocked = new BlockedPeople(database);
  const keptStyles = new KeptStyles(database);
  const personalDefaults = new PersonalDefaultsStore(database);
  const styles = new StyleChoice(keptStyles);
  const discord = observeDiscord(config.discordApi, metrics);
  const client = createClient({
    api: config.discordApi,
    shards: config.shards,
    cdn: config.discordApi && config.attachmentOrigins.at(-1),
    makeRequest: discord.makeRequest,
  });
  const messenger = new Messenger(client.rest);
  const measurements = new Measurements(database);
  const durations = new DurationEstimate(measurements.all(), (measurement) => measurements.add(measurement));
  const workshop = await openWorkshop(config, {
    slots,
    network: qualities.standard.network,
    journal,
    files,
    durations,
    health: computeHealth,
    onPoolEvent: (event) => metrics.poolHappened(event),
    log,
  }).catch((error: unknown) => {
    database.close();
    lock.release();
    throw error;
  });
  const courier = new DiscordCourier({
    messenger,
    journal,
    placeOf: (jobId) => workshop.place(jobId),
    onGone: (jobId) => void deletions.cancel(jobId),
    log,
  });
  const jobs = new JobService({
    journal,
    files,
    workshop,
    durations,
    courier,
    loadInput: inputLoader({
      files,
      styles: keptStyles,
      origins: config.attachmentOrigins,
      maxBytes: config.maxInputBytes,
    }),
    log,
    maxSeconds: config.jobSeconds,
    capacity: config.queueLength,
    keepMs: config.keepInputsMs,
    onEvent: (event) => metrics.jobHappened(event),
  });

  const serverLog = new ServerLog(client, settings, log);
  const deletions = new Deletions({ client, journal, jobs, serverLog, log });
  const erasure = new Erasure({ database, jobs, files, settings, blocked, keptStyles, personalDefaults });
  const services: BotServices = {
    config: { ...config, qualities },
    database,
    jobs,
    journal,
    earlierJobs: new EarlierJobs(database),
    files,
    erasure,
    settings,
    blocked,
    keptStyles,
    personalDefaults,
    styles,
    messenger,
    serverLog,
    workers: () => workshop.workers,
    hasNetwork: (network) => workshop.hasNetwork(network),
    log,
  };
  const routes = {
    commands,
    components: [...jobButtons, ...menus, ...privacyButtons],
    modals: resultModals,
  };
  const router = new Router(routes, services);
  client.on(Events.InteractionCreate, (interaction) => {
    const begin = performance.now();
    void router.handle(interaction).then(() => {
      metrics.interactionHandled(interactionType(interaction.type), (performance.now() - begin) / 1000);
    });
  });
  client.on(Events.Error, (error) => log.error({ err: error }, 'gateway'));
  client.on(Events.Debug, (what) => {
    // This message of discord.js shows parts of the token.
    if (!what.startsWith('Provided token')) log.debug({ what: withoutSecrets(what) }, 'discord.js');
  });
  const connection = new Connection(client, log);
  const departures = new Departures(client, erasure, log);

  const { queueLength } = config;
  const isStopping = () => jobs.stopping;
  const observed = {
    client,
    connection,
    database,
    files,
    journal,
    computeHealth,
    workshop,
    log,
    queueLength,
    isStopping,
  };
  const checks = [...botChecks(observed), discord.check];
  observeBot(metrics, observed, checks);
  const ready = new Promise((resolve) => client.once(Events.ClientReady, resolve));
  let expiry: NodeJS.Timeout | undefined;
  let operatorServer: OperatorServer | undefined;
  const tidy = () =>
    Promise.all([jobs.expire(Date.now()), jobs.removeOrphans()]).catch((error: unknown) =>
      log.error({ err: error }, 'expiry failed'),
    );
  try {
    if (config.metrics !== undefined) {
      operatorServer = await startOperatorServer({ ...config.metrics, registry: metrics.registry, checks });
      log.info({ origin: operatorServer.origin }, 'operators are answered');
    }
    await tidy();
    await Promise.race([connection.ended, client.login(config.token).then(() => ready)]);
    watchToken(client.rest, { token: config.token, log, onUnknown: (error) => connection.end(error) });
    const scope = { applicationId: client.application?.id ?? '', guildId: config.developmentGuildId };
    const registration = new Registration(client.rest, database);
    // The servers in the database may be another application's: then none of them counts as left.
    if (registration.isKnown(scope.applicationId)) await departures.catchUp();
    const registered = await registration.update(commands, scope);
    const cleared = await registration.clearOtherServers(scope);
    if (cleared.length > 0) log.info({ servers: cleared }, 'commands of an earlier DISCORD_GUILD_ID removed');
    log.info({ bot: client.user?.tag, servers: client.guilds.cache.size, registered }, 'connected to Discord');
    await jobs.resume();
    void workshop.start();
    expiry = setInterval(tidy, expiryIntervalMs).unref();
  } catch (error) {
    await operatorServer?.close();
    await client.destroy();
    await workshop.close(0);
    database.close();
    lock.release();
    throw startError(error);
  }

  const end = async () => {
    log.info('stopping');
    clearInterval(expiry);
    await jobs.stop(config.shutdownMs);
    await client.destroy();
    await operatorServer?.close();
    database.close();
    lock.release();
    log.info('stopped');
  };
  let stopped: Promise<void> | undefined;
  const stop = () => (stopped ??= end());
  const ended = connection.ended.catch(async (reason: unknown) => {
    log.fatal({ err: reason }, 'Discord lets the bot work no more; it ends');
    await stop().catch((error: unknown) => log.error({ err: error }, 'stopping failed'));
    throw reason;
  });
  // Whoever runs the bot may look at this only later.
  ended.catch(() => {});
  return { ended, stop };
}
