import type { Job } from '../../jobs/job.js';
import type { OrderKind, OrderOf } from '../../jobs/order.js';
import type { ServerSettings } from '../../settings/server-settings.js';
import { UserError } from '../user-error.js';
import { withMoreEpochs } from './lab-recipe.js';
import { labAgain, labRequest } from './lab-request.js';
import { epochsOfEach, layersAgain, layersRequest } from './layers-request.js';
import type { Request } from './request.js';
import { styleTransferAgain, styleTransferRequest } from './style-transfer-request.js';
import { textureAgain, textureRequest } from './texture-request.js';

/** How many times as many epochs "more epochs" asks for. */
const factor = 2;

interface Again<Kind extends OrderKind> {
  /** The most epochs that an order of the kind may have. */
  readonly most: (order: OrderOf<Kind>, settings: ServerSettings) => number;
  /** The same once more, with so many epochs. */
  readonly request: (job: Job, order: OrderOf<Kind>, epochs: number) => Request;
}

const again: { readonly [Kind in OrderKind]: Again<Kind> } = {
  'style-transfer': {
    most: (_order, { epochsMax }) => epochsMax,
    request: (job, order, epochs) => styleTransferRequest({ ...styleTransferAgain(job, order), epochs }),
  },
  'spot-difference': {
    most: ({ epochs }) => epochs,
    request: () => {
      throw new UserError('outdated-button');
    },
  },
  layers: {
    most: ({ layers }, { epochsMax }) => epochsOfEach(layers, epochsMax),
    request: (job, order, epochs) => layersRequest({ ...layersAgain(job, order), epochs }),
  },
  lab: {
    most: (_order, { epochsMax }) => epochsMax,
    request: (job, order, epochs) => {
      const wishes = labAgain(job, order);
      return labRequest({ ...wishes, recipe: withMoreEpochs(wishes.recipe, epochs / order.epochs) });
    },
  },
  texture: {
    most: (_order, { epochsMax }) => epochsMax,
    request: (job, order, epochs) => textureRequest({ ...textureAgain(job, order), epochs }),
  },
};

/**
 * What a job did once more, with more epochs.
 * @throws UserError where it has as many as a server allows.
 */
export function moreEpochs<Kind extends OrderKind>(job: Job, order: OrderOf<Kind>, settings: ServerSettings): Request {
  const { most, request } = again[order.kind];
  const max = most(order, settings);
  if (order.epochs >= max) throw new UserError('most-epochs-already', { max });
  return request(job, order, Math.min(factor * order.epochs, max));
}
