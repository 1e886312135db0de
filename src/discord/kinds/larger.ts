import { ButtonStyle } from 'discord.js';
import type { Order } from '../../jobs/job.js';
import type { Quality } from '../../works/quality.js';
import { takeRequest } from '../intake.js';
import { serverOf } from '../permissions.js';
import { UserError } from '../user-error.js';
import type { Finished, ResultButton } from './kind.js';
import { largerQuality } from './measures.js';
import type { Request } from './request.js';

/** The fields of orders that can be made larger. */
interface Enlargeable extends Pick<Order, 'epochs'> {
  readonly quality: Quality;
  /** The next quality at which the result was larger, by what the server allowed; undefined where there was none. */
  readonly larger?: Quality | undefined;
}

/**
 * Returns the button that orders the same at the next quality. It is not offered where nothing larger is allowed.
 * @param request - returns a request for the same order at a quality and with so many epochs: those of the quality, but
 *   not fewer than the order had.
 */
export function larger<KindOrder extends Enlargeable>(
  request: (from: Finished<KindOrder>, measures: { readonly quality: Quality; readonly epochs: number }) => Request,
): ResultButton<KindOrder> {
  return {
    action: 'larger',
    label: ({ buttons }) => buttons.larger,
    style: ButtonStyle.Primary,
    isOffered: (order) => order.larger !== undefined,
    async execute(interaction, from, bot) {
      const settings = bot.settings.of(serverOf(interaction));
      // What the server allows may have changed since.
      const quality = largerQuality(from.order.quality, settings, bot);
      if (quality === undefined) throw new UserError('largest-already');
      const epochs = Math.max(from.order.epochs, bot.config.qualities[quality].epochs);
      const measures = { quality, epochs: Math.min(epochs, settings.epochsMax) };
      await takeRequest(interaction, request(from, measures), bot);
    },
  };
}
