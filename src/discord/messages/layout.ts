import {
  type APIComponentInContainer,
  type APIContainerComponent,
  type APIMediaGalleryComponent,
  type APITextDisplayComponent,
  ComponentType,
} from 'discord.js';
import type { OutgoingFile } from '../delivery/messenger.js';

/** Returns a box with a bar at its side. @param accent - the bar's colour as 0xRRGGBB; undefined for none. */
export function container(
  accent: number | undefined,
  ...components: readonly APIComponentInContainer[]
): APIContainerComponent {
  return {
    type: ComponentType.Container,
    components: [...components],
    ...(accent !== undefined && { accent_color: accent }),
  };
}

/** Returns a text, whose lines may have Discord's Markdown. */
export function textDisplay(...lines: readonly string[]): APITextDisplayComponent {
  return { type: ComponentType.TextDisplay, content: lines.join('\n') };
}

/**
 * Returns the pictures of a message, side by side; nothing where there are none. Discord shows a file of such a message
 * only where a component refers to it.
 * @param spoiler - whether the pictures are hidden until they are clicked.
 */
export function gallery(files: readonly OutgoingFile[], spoiler: boolean): readonly APIMediaGalleryComponent[] {
  if (files.length === 0) return [];
  const items = files.map(({ name, description }) => ({
    media: { url: `attachment://${name}` },
    description,
    spoiler,
  }));
  return [{ type: ComponentType.MediaGallery, items }];
}
