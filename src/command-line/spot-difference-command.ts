import { Argument, Command, Option } from 'commander';
import { counter } from '../discord/texts/language.js';
import type { Likeness } from '../spot-difference/comparison.js';
import { spotDifferenceDefaults } from '../spot-difference/spot-difference.js';
import { transferBounds } from '../transfer/recipe/transfer-bounds.js';
import { interruptible } from './interruptible.js';
import { within } from './option-values.js';
import type { PaintReport } from './paint.js';

/** `whitewalker spot-difference FIRST SECOND` finds where two pictures differ. */
export function spotDifferenceCommand(): Command {
  const { size, epochs } = spotDifferenceDefaults;
  return new Command('spot-difference')
    .summary('find where two pictures differ')
    .description(
      'Finds where two pictures differ, circles and numbers it, and shows the first picture become the second. Neither a ' +
        'shift nor another size nor the noise of JPEG is a difference.',
    )
    .addArgument(new Argument('<first>', 'a picture: JPEG, PNG, WebP, GIF, AVIF or TIFF'))
    .addArgument(new Argument('<second>', 'the picture that it is compared with'))
    .option(
      '--out <file>',
      'where the circled pictures go: .png, .jpg, .webp or .avif (default: <first>-<second>-difference.png)',
    )
    .option('--gif <file>', 'where an animation of the first picture becoming the second goes (default: none)')
    .addOption(
      new Option('--size <pixels>', 'the longer side at which they are compared; none is enlarged')
        .argParser(within(transferBounds.size))
        .default(size),
    )
    .addOption(new Option('--epochs <n>', 'optimiser steps').argParser(within(transferBounds.epochs)).default(epochs))
    .option('--json', 'print one JSON object instead of a sentence', false)
    .action(async (firstPath: string, secondPath: string, flags: SpotDifferenceFlags) => {
      const { firstFramesOf, paint, printReport } = await import('./paint.js');
      const { nameAfter } = await import('./outputs.js');
      const { largestReadSize, spotDifferenceWork } = await import('../works/spot-difference.js');
      const { size, epochs, gif } = flags;
      const request = {
        task: { kind: 'spot-difference', size, epochs, readSize: largestReadSize } as const,
        files: new Map([['first', firstPath] as const, ['second', secondPath] as const]),
        out: flags.out ?? nameAfter([firstPath, secondPath], '-difference'),
        gif,
      };
      const { painting, report: common } = await interruptible((terminal) =>
        paint(spotDifferenceWork, request, terminal),
      );
      const { findings, regions, share, width, height, shiftX, shiftY, loss } = painting;
      const report: SpotDifferenceReport = {
        ...common,
        likeness: findings.likeness,
        found: findings.found,
        regions: regions.map(({ left, top, width, height }) => ({ left, top, width, height })),
        share,
        width,
        height,
        shiftX,
        shiftY,
        loss: loss ?? null,
      };
      printReport(report, flags.json, [...sentencesFor(report), ...firstFramesOf(report)]);
    });
}

/** The report about two pictures, as `--json` prints it. */
interface SpotDifferenceReport extends PaintReport {
  readonly likeness: Likeness;
  /** Number of all differences; `regions` has the most conspicuous ones. */
  readonly found: number;
  /** Boxes around differences, in reading order, in pixels of the first picture as it was compared. */
  readonly regions: readonly {
    readonly left: number;
    readonly top: number;
    readonly width: number;
    readonly height: number;
  }[];
  /** The share of pixels that differ visibly, in [0, 1]. */
  readonly share: number;
  /** Width of the part that both pictures show, as it was compared, in pixels; `height` likewise. */
  readonly width: number;
  readonly height: number;
  readonly shiftX: number;
  readonly shiftY: number;
  /** The mean squared error that the optimiser left, or null if it made no step. */
  readonly loss: number | null;
}

/** Options of the command, as commander has parsed them. */
interface SpotDifferenceFlags {
  readonly out?: string;
  readonly gif?: string;
  readonly size: number;
  readonly epochs: number;
  readonly json: boolean;
}

function sentencesFor(report: SpotDifferenceReport): readonly string[] {
  const { out, gif, regions, stopped } = report;
  return [
    findingOf(report),
    regions.length > 0 ? `They are circled in ${out}.` : `Both pictures are in ${out}.`,
    ...(gif === null ? [] : [`How the first becomes the second is ${gif}${stopped ? ', as far as it came' : ''}.`]),
  ];
}

function findingOf({ likeness, found, regions }: SpotDifferenceReport): string {
  switch (likeness) {
    case 'identical':
      return 'The pictures are identical, to the last pixel.';
    case 'alike':
      return 'No difference can be seen. The pixels are not all the same, as after saving, resizing or shifting a picture.';
    case 'unlike':
      return 'Hardly anything is the same: these are different pictures, or one that was changed nearly everywhere.';
    case 'different': {
      const most = regions.length < found ? `, of which the ${regions.length} most conspicuous are shown` : '';
      return `${counter('en')(found, 'difference')} found${most}.`;
    }
  }
}
