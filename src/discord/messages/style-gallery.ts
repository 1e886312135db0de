import { readFile } from 'node:fs/promises';
import {
  type APIMessageTopLevelComponent,
  type APISectionComponent,
  ComponentType,
  MessageFlags,
  SeparatorSpacingSize,
} from 'discord.js';
import { keeperOf } from '../../jobs/job.js';
import { builtInPreset, presetThumbnailPath } from '../../presets/presets.js';
import type { KeptStyles } from '../../settings/kept-styles.js';
import { optionValue, type StyleOption } from '../style-choice.js';
import type { Texts } from '../texts/texts.js';
import { customId } from './custom-id.js';
import { button, buttonRow } from './rows.js';

export const galleryAction = 'styles';

/** Number of styles on a page. A message may have ten files, but fewer fit a phone's screen. */
const perPage = 5;

/**
 * Returns a page of the gallery of styles, each with what it makes of the example photograph, or with its own picture.
 * @param page - number of the page, from 0; one beyond the last shows the last.
 */
export async function styleGallery(
  texts: Texts,
  options: readonly StyleOption[],
  page: number,
  keptStyles: KeptStyles,
) {
  const pages = Math.ceil(options.length / perPage);
  const current = Math.min(Math.max(page, 0), pages - 1);
  const shown = options.slice(current * perPage, (current + 1) * perPage);
  const files = await Promise.all(
    shown.map(async (option, index) => ({
      attachment: await thumbnailOf(option, keptStyles),
      name: `style-${index}.${keeperOf(option.reference) ? 'webp' : 'jpg'}`,
      description: option.title,
    })),
  );
  const sections = shown.map((option, index) => section(option, files[index]?.name ?? ''));
  const components: APIMessageTopLevelComponent[] = [
    { type: ComponentType.TextDisplay, content: `## ${texts.styles.title}` },
    ...sections,
  ];
  if (pages > 1) {
    components.push(
      { type: ComponentType.Separator, spacing: SeparatorSpacingSize.Small },
      { type: ComponentType.TextDisplay, content: `-# ${texts.styles.page(current + 1, pages)}` },
      buttonRow(
        button(customId(galleryAction, String(current - 1)), texts.buttons.previous, undefined, {
          disabled: current === 0,
        }),
        button(customId(galleryAction, String(current + 1)), texts.buttons.next, undefined, {
          disabled: current === pages - 1,
        }),
      ),
    );
  }
  return { components, files, flags: MessageFlags.IsComponentsV2 } as const;
}

function section({ reference, title, description, warning }: StyleOption, file: string): APISectionComponent {
  return {
    type: ComponentType.Section,
    components: [
      {
        type: ComponentType.TextDisplay,
        content: [
          `**${title}**`,
          description,
          ...(warning === undefined ? [] : [warning]),
          `-# \`/whitewalker preset:${optionValue(reference)}\``,
        ].join('\n'),
      },
    ],
    accessory: { type: ComponentType.Thumbnail, media: { url: `attachment://${file}` }, description: title },
  };
}

async function thumbnailOf({ reference }: StyleOption, styles: KeptStyles): Promise<Buffer> {
  const keeper = keeperOf(reference);
  const preset = keeper ? undefined : builtInPreset(reference.name);
  if (preset !== undefined) return readFile(presetThumbnailPath(preset));
  // A style that was removed a moment ago is shown without a picture's bytes rather than not at all.
  return Buffer.from((keeper && styles.thumbnail(keeper, reference.name)) ?? new Uint8Array());
}
