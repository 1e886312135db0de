import { ButtonStyle } from 'discord.js';
import type { Order } from '../../jobs/job.js';
import type { ServerSettings } from '../../settings/server-settings.js';
import { takeRequest } from '../intake.js';
import { serverOf } from '../permissions.js';
import { UserError } from '../user-error.js';
import type { Finished, ResultButton } from './kind.js';
import type { Request } from './request.js';

/** Factor by which the button "more epochs" multiplies an order's epochs. */
const factor = 2;

/** What the button "more epochs" needs from a kind of order. */
interface MoreEpochs<KindOrder> {
  /** Returns the most epochs that an order may have; by default as many as the server allows. */
  readonly most?: (order: KindOrder, settings: ServerSettings) => number;
  /** Returns a request for the same order with other epochs. */
  readonly request: (from: Finished<KindOrder>, epochs: number) => Request;
}

/** Returns the button that orders the same with more epochs. It refuses where an order has as many as it may. */
export function moreEpochs<KindOrder extends Pick<Order, 'epochs'>>({
  most = (_order, { epochsMax }) => epochsMax,
  request,
}: MoreEpochs<KindOrder>): ResultButton<KindOrder> {
  return {
    action: 'more-epochs',
    label: ({ buttons }) => buttons.moreEpochs,
    style: ButtonStyle.Primary,
    async execute(interaction, from, bot) {
      const { order } = from;
      const max = most(order, bot.settings.of(serverOf(interaction)));
      if (order.epochs >= max) throw new UserError('most-epochs-already', { epochs: order.epochs, max });
      await takeRequest(interaction, request(from, Math.min(factor * order.epochs, max)), bot);
    },
  };
}
