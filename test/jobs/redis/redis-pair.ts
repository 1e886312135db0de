import { until } from '../../patience.js';
import { RedisAddress } from './redis-address.js';
import { RefusingRedis, type RefusingRedisOptions } from './refusing-redis.js';

/** Two real redis-servers, a master and its replica, with one address that leads to the master. */
export class RedisPair {
  readonly #address: RedisAddress;
  #master: RefusingRedis;
  #replica: RefusingRedis;

  private constructor(address: RedisAddress, master: RefusingRedis, replica: RefusingRedis) {
    this.#address = address;
    this.#master = master;
    this.#replica = replica;
  }

  /** Starts both; settles once the replica has all that the master has. @param options - of both. */
  static async start(options: RefusingRedisOptions = {}): Promise<RedisPair> {
    const [master, replica] = await Promise.all([RefusingRedis.start(options), RefusingRedis.start(options)]);
    const pair = new RedisPair(await RedisAddress.open(master.server.port), master, replica);
    await replica.ask('REPLICAOF', '127.0.0.1', String(master.server.port));
    await pair.#untilReplicated();
    return pair;
  }

  get url(): string {
    return this.#address.url;
  }

  /** The server that is the master at present. */
  get master(): RefusingRedis {
    return this.#master;
  }

  /**
   * Has master and replica change places, without any loss, and the address lead to the new master. Connections that are
   * open stay at the old one, which refuses writes from then on.
   */
  async failOver(): Promise<void> {
    await this.#untilReplicated();
    await this.#master.ask('FAILOVER');
    [this.#master, this.#replica] = [this.#replica, this.#master];
    await this.#untilReplicated();
    this.#address.leadTo(this.#master.server.port);
  }

  async stop(): Promise<void> {
    this.#address.close();
    await Promise.all([this.#master.stop(), this.#replica.stop()]);
  }

  async #untilReplicated(): Promise<void> {
    const isSo = async (redis: RefusingRedis, pattern: RegExp) =>
      pattern.test(String(await redis.ask('INFO', 'replication').catch(() => '')));
    await until(
      async () => (await isSo(this.#replica, /master_link_status:up/)) && (await isSo(this.#master, /state=online/)),
      () => 'the replica has what the master has',
    );
  }
}
