import { ComponentType } from 'discord.js';
import { describe, expect, it } from 'vitest';
import { previewFile, runningView } from '../../src/discord/messages/progress-message.js';
import { english } from '../../src/discord/texts/english.js';
import { everyComponent } from '../../src/local-discord/message-components.js';
import { acceptedJob } from '../jobs/accepted-job.js';

describe('the message of a picture that is painted', () => {
  it.each([
    [false, 'preview.jpg'],
    [true, 'SPOILER_preview.jpg'],
  ])('shows it as it is now, hidden where the result is to be: %s', (spoiler, name) => {
    const job = acceptedJob();
    const hiding = { ...job, order: { ...job.order, spoiler } };
    const preview = previewFile(english, hiding, Uint8Array.of(1));
    expect(preview).toMatchObject({ name, description: 'The picture as it is now' });
    const at = { kind: 'scale', scale: 1, scales: 2, width: 100, height: 67 } as const;
    const progress = { at, epoch: 3, epochs: 40, loss: 1.5, secondsLeft: 20 };
    const times = { share: 0.1, endsAt: 0, isFirst: true };
    const { message } = runningView(english, hiding, progress, [preview], times);
    expect(message.files).toEqual([preview]);
    const galleries = everyComponent(message.components).filter(({ type }) => type === ComponentType.MediaGallery);
    const shown = { media: { url: `attachment://${name}` }, description: 'The picture as it is now', spoiler };
    expect(galleries).toMatchObject([{ items: [shown] }]);
  });
});
