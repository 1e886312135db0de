import type { Discord } from '../local-discord/server.js';
import type { BotProcess } from './bot-process.js';
import type { Trouble } from './wire.js';

/** Discord's tokens of interactions live this long, in milliseconds. */
const clockStepMs = 15 * 60_000;

const rateLimitedRequests = 5;
const retryAfterMs = 2_000;
const slowFiles = 2;

/** What can be done to the bot, and to the Discord that it talks to, while it works. */
export class Troublemaker {
  readonly #discord: Discord;
  readonly #bot: BotProcess;

  constructor(discord: Discord, bot: BotProcess) {
    this.#discord = discord;
    this.#bot = bot;
  }

  cause(trouble: Trouble): void {
    const { faults, gateway } = this.#discord;
    switch (trouble) {
      case 'kill-bot':
        this.#bot.kill();
        return;
      case 'kill-compute':
        this.#bot.killComputeProcesses();
        return;
      case 'drop-gateway':
        gateway.drop();
        return;
      case 'rate-limit':
        // Acknowledgements of interactions are not limited in practice, and would be too late afterwards.
        faults.rateLimited({ retryAfterMs, times: rateLimitedRequests, path: /^\/(webhooks|channels)\// });
        return;
      case 'slow-cdn':
        faults.cdn({ slowBody: { chunkBytes: 8 * 1024, everyMs: 400 } }, { times: slowFiles });
        return;
      case 'clock-forward':
        this.#discord.advance(clockStepMs);
    }
  }
}
