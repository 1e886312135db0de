import { describe, expect, it } from 'vitest';
import { outcomeMessages } from '../../src/discord/messages/outcome-message.js';
import { english } from '../../src/discord/texts/english.js';
import { german } from '../../src/discord/texts/german.js';
import type { Texts } from '../../src/discord/texts/texts.js';
import type { ResultFacts } from '../../src/jobs/job.js';
import { textsOf } from '../../src/local-discord/message-components.js';
import { acceptedJob } from '../jobs/accepted-job.js';

describe('the message of a result', () => {
  const result: ResultFacts = { width: 704, height: 469, picture: 'result.png', epochs: 150, seconds: 80 };
  const message = (texts: Texts, facts: ResultFacts) => {
    const job = acceptedJob({ state: 'delivering', outcome: { kind: 'result', result: facts } });
    const [{ components }] = outcomeMessages(texts, job, new Map());
    return textsOf({ content: '', embeds: [], components }).join('\n');
  };

  it('says where it had to be smaller than was asked for', () => {
    expect(message(english, { ...result, shrunk: { asked: 1024, made: 704 } })).toContain(
      'Made at 704 instead of 1024 pixels: there was not enough memory.',
    );
    expect(message(german, { ...result, shrunk: { asked: 1024, made: 704 } })).toContain(
      'Mit 704 statt 1024 Pixeln gemalt',
    );
    expect(message(english, result)).not.toContain('instead');
  });

  it('says why there is no animation', () => {
    const tooLarge = ['The animation would have been too large', 'Die Animation wäre zu groß'];
    const noMemory = ['There was not enough memory for the animation', 'Für die Animation war zu wenig Speicher da'];
    for (const [index, texts] of [english, german].entries()) {
      const [over = '', lacking = ''] = [
        message(texts, result),
        message(texts, { ...result, animationLackedMemory: true }),
      ];
      expect([over.includes(tooLarge[index] ?? ''), over.includes(noMemory[index] ?? '')]).toEqual([true, false]);
      expect([lacking.includes(tooLarge[index] ?? ''), lacking.includes(noMemory[index] ?? '')]).toEqual([false, true]);
    }
  });

  it('says where its time was up, and what would be done in time', () => {
    expect(message(english, { ...result, outOfTime: 600 })).toContain(
      'gives a picture 10 minutes at most. Fewer epochs',
    );
    expect(message(english, { ...result, outOfTime: 90 })).toContain('90 seconds at most');
    expect(message(german, { ...result, outOfTime: 7200 })).toContain('höchstens 2 Stunden. Mit weniger Epochen');
    const small = message(english, { ...result, outOfTime: 600, shrunk: { asked: 1024, made: 704 } });
    expect(small).toMatch(/not enough memory.*\n.*10 minutes/);
  });

  it('says where a failure ended it early', () => {
    const shrunk = { asked: 1024, made: 512 };
    expect(message(english, { ...result, shrunk, cutShort: true })).toContain(
      'Made at 512 instead of 1024 pixels: something went wrong at the finer sizes.',
    );
    expect(message(german, { ...result, shrunk, cutShort: true })).toContain('Mit 512 statt 1024 Pixeln gemalt: Bei');
    expect(message(english, { ...result, cutShort: true })).toContain('Finished early');
    expect(message(german, { ...result, cutShort: true })).toContain('Früher beendet');
  });
});
