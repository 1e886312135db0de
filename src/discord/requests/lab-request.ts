import { networkTitles } from '../../engine/topology.js';
import type { InputSource, Job } from '../../jobs/job.js';
import type { LabStyle, OrderOf } from '../../jobs/order.js';
import { type ServerSettings, settingBounds } from '../../settings/server-settings.js';
import { formatRecipe, type LabRecipe, mergeRecipes, parseRecipe } from '../../transfer/recipe/recipe.js';
import { styleInput } from '../../works/style-transfer.js';
import type { InputName } from '../../works/work.js';
import { UserError } from '../user-error.js';
import { requireLayers } from './known-layers.js';
import { epochsIn } from './lab-recipe.js';
import { checkEpochs, measuresFor } from './measures.js';
import { inputAgain, type Request, type Showing, showingOf } from './request.js';
import { tunedBy } from './tuned-by.js';

/** A style of a blend, and where its picture comes from. */
export interface LabStyleWish extends LabStyle {
  readonly style: InputSource;
}

/** A style transfer with all its controls; what the recipe leaves open is up to the preset, the server, and the defaults. */
export interface LabWishes extends Showing {
  readonly content: InputSource;
  readonly styles: readonly LabStyleWish[];
  readonly mask?: InputSource | undefined;
  readonly recipe: LabRecipe;
}

/** Steps that L-BFGS may remember: each takes two copies of the picture, whose size is up to the server. */
export const longestHistory = 20;

export function labRequest({ content, styles, mask, recipe: wanted, ...showing }: LabWishes): Request {
  return (settings, bot) => {
    const usual = measuresFor({}, settings, bot);
    const recipe = mergeRecipes(tunedBy(styles[0]?.preset), wanted);
    const { network = usual.network, pooling, ...transfer } = recipe;
    const size = recipe.size ?? usual.size;
    const epochs = epochsIn(recipe) ?? usual.epochs;
    checkSize(size, settings);
    checkEpochs(epochs, settings.epochsMax);
    const { history } = transfer;
    if (history !== undefined && history > longestHistory) {
      throw new UserError('recipe-no-number', { key: 'history', value: history, min: 1, max: longestHistory });
    }
    if (network !== undefined && !bot.hasNetwork(network)) {
      throw new UserError('network-missing', { network: networkTitles[network] });
    }
    requireLayers([transfer.layers?.content ?? {}, transfer.layers?.style ?? {}].flatMap(Object.keys), network);
    const complete = { ...recipe, size, ...(recipe.scaleEpochs === undefined && { epochs }) };
    const hasMask = mask !== undefined;
    const inputs: [InputName, InputSource][] = [
      ['content', content],
      ...styles.map(({ style }, index): [InputName, InputSource] => [styleInput(index), style]),
      ...(hasMask ? [['mask', mask] satisfies [InputName, InputSource]] : []),
    ];
    return {
      order: {
        kind: 'lab',
        recipe: formatRecipe(complete),
        styles: styles.map(({ preset, weight }) => ({ preset, weight })),
        hasMask,
        size,
        epochs,
        spoiler: showing.spoiler ?? false,
      },
      task: {
        kind: 'style-transfer',
        network,
        pooling,
        transfer: { ...transfer, size, epochs },
        styleWeights: styles.map(({ weight }) => weight),
        hasMask,
      },
      inputs: Object.fromEntries(inputs),
      private: showing.private ?? false,
    };
  };
}

/** The wishes that lead to the same picture again. */
export function labAgain(job: Job, { recipe, styles, hasMask }: OrderOf<'lab'>): LabWishes {
  return {
    content: inputAgain(job, 'content'),
    styles: styles.map((style, index) => ({ ...style, style: inputAgain(job, styleInput(index)) })),
    mask: hasMask ? inputAgain(job, 'mask') : undefined,
    recipe: parseRecipe(recipe),
    ...showingOf(job),
  };
}

/** @throws UserError for a size that can't be asked for here. */
function checkSize(size: number, { sizeMax }: ServerSettings): void {
  const { min } = settingBounds.size;
  if (size < min || size > sizeMax) throw new UserError('size-out-of-range', { min, max: sizeMax });
}
