import { describe, expect, it } from 'vitest';
import { titleOf } from '../../src/discord/kinds/kinds.js';
import { outcomeMessages } from '../../src/discord/messages/outcome-message.js';
import { english } from '../../src/discord/texts/english.js';
import { german } from '../../src/discord/texts/german.js';
import { errorText, type Texts } from '../../src/discord/texts/texts.js';
import type { Order, ResultFacts } from '../../src/jobs/job.js';
import { textsOf } from '../../src/local-discord/message-components.js';
import { acceptedJob } from '../jobs/accepted-job.js';

const common = { size: 64, epochs: 3, spoiler: false };

/** Returns what a person reads of a result: the text, the labels of the buttons below it, and the alt text. */
function told(texts: Texts, order: Order, facts: Partial<ResultFacts> = {}) {
  const result = { width: 64, height: 64, picture: 'result.png', epochs: 3, seconds: 12, ...facts };
  const job = acceptedJob({ order, state: 'delivering', outcome: { kind: 'result', result } });
  const [{ components, files }] = outcomeMessages(texts, job, new Map([['result.png', new Uint8Array(1)]]));
  const content = textsOf({ content: '', embeds: [], components }).join('\n');
  return { content, buttons: JSON.stringify(components).match(/(?<="label":")[^"]*/g), alt: files?.[0]?.description };
}

describe('an order of a kind', () => {
  const orders: readonly (readonly [Order, string, readonly string[]])[] = [
    [
      { kind: 'style-transfer', ...common, quality: 'high', strength: 'strong', keepColors: true },
      'your own style · strong · high · own colours',
      ['More epochs', 'Stronger', 'Again with…', 'Delete'],
    ],
    [{ kind: 'spot-difference', ...common }, 'Spot the difference', ['Delete']],
    [
      { kind: 'layers', ...common, quality: 'draft', layers: ['relu1_1'] },
      'What layers see · draft',
      ['More epochs', 'Delete'],
    ],
    [
      { kind: 'texture', ...common, quality: 'draft', preset: { name: 'wildfire' }, tile: true },
      'Texture of Wildfire · draft · seamless',
      ['More epochs', 'Delete'],
    ],
    [
      { kind: 'lab', ...common, recipe: 'size=64', styles: [{ weight: 1 }], hasMask: true },
      'Lab: your own style · masked',
      ['More epochs', 'Change the recipe…', 'Delete'],
    ],
  ];

  it.each(orders)('is told with its words and buttons: %o', (order, headline, labels) => {
    const { content, buttons } = told(english, order);
    expect(content).toContain(`**${headline}**\n-# `);
    expect(buttons).toEqual(labels);
  });

  it('has an alt text that says what others see: a picture of somebody’s own has no name for them', () => {
    const own = { kind: 'style-transfer', ...common, quality: 'high', strength: 'strong', keepColors: false };
    expect(told(english, own).alt).toBe('A picture in the style of another picture, painted by neural style transfer');
    expect(told(german, { ...own, preset: { name: 'white-walker' } }).alt).toContain('im Stil „Weißer Wanderer“');
    const blend = { kind: 'lab', ...common, recipe: 'size=64', hasMask: false };
    const styles = [{ weight: 2, preset: { name: 'wildfire' } }, { weight: 1 }];
    expect(told(english, { ...blend, styles }).alt).toContain('the style of 67 % Wildfire + 33 % your own style,');
  });

  it('without a difference says so in its alt text, and has no animation of nothing', () => {
    const order = { kind: 'spot-difference', ...common };
    const findings = { kind: 'spot-difference', likeness: 'identical', found: 0, circled: 0 };
    const { content, alt } = told(english, order, { findings });
    expect(content).toBe('**The pictures are identical.**\n-# 3 epochs · 64 × 64 · 12 s');
    expect(alt).toBe('Both pictures side by side: they are the same');
  });

  it('counts in the right form', () => {
    const order = { kind: 'spot-difference', ...common };
    expect(told(english, order, { epochs: 1 }).content).toContain('-# 1 epoch · ');
    expect(errorText(english, 'daily-limit', { count: 1, limit: 1, again: 0 })).toContain('asked for 1 picture within');
    expect(errorText(german, 'daily-limit', { count: 1, limit: 1, again: 0 })).toContain('1 Bild bestellt');
    expect(english.privacy.closedJobs(15, 0)).toContain('15 orders that are over, with what you uploaded for them');
    expect(english.privacy.closedJobs(1, 0)).toContain('1 order that is over, with what you uploaded for it');
  });

  it('is told with what came out besides pictures, unless that is damaged', () => {
    const findings = { kind: 'spot-difference', likeness: 'different', found: 12, circled: 9 };
    const order = { kind: 'spot-difference', ...common };
    expect(told(english, order, { findings }).content).toContain('**12 differences (the 9 most');
    expect(told(german, order, { findings }).content).toContain('**12 Unterschiede (die 9 auff');
    expect(told(english, order, { findings: { ...findings, found: 'many' } }).content).toContain(
      '**Spot the difference**',
    );
  });
});

describe('an order that no kind can read', () => {
  const orders: readonly Order[] = [
    { kind: 'unheard-of', ...common },
    { kind: 'style-transfer', ...common, quality: 'high' },
    { kind: 'layers', ...common, quality: 'draft', layers: [] },
    { kind: 'texture', ...common },
    { kind: 'lab', ...common, recipe: 'size=64', styles: [], hasMask: false },
    { kind: 'lab', ...common, styles: [{ weight: 1 }], hasMask: false },
  ];

  it.each(orders)('has its result told in general words, which can be deleted: %o', (order) => {
    const inEnglish = told(english, order);
    expect(inEnglish.content).toContain('**Your picture**\n-# 3 epochs · 64 × 64 · 12 s');
    expect(inEnglish.buttons).toEqual(['Delete']);
    expect(inEnglish.alt).toBe('The picture that was made');
    expect(told(german, order).content).toContain('**Dein Bild**\n-# 3 Epochen');
    expect(titleOf(english, order)).toBe('Your picture');
  });
});
