import { Command } from 'commander';
import { builtInPresets, presetPicturePath, presetThumbnailPath } from '../presets/presets.js';
import { say } from './standard-streams.js';

/** `whitewalker presets` lists the styles that come with the program. */
export function presetsCommand(): Command {
  return new Command('presets')
    .summary('list the styles that come with the program')
    .description(
      'Lists the styles for `stylize --preset NAME`, each with its picture and a thumbnail: an example photograph in it.',
    )
    .option('--json', 'print a JSON array instead', false)
    .action(({ json }: { readonly json: boolean }) => {
      const listed = builtInPresets().map((preset) => ({
        name: preset.name,
        title: preset.title.en,
        description: preset.description.en,
        losesSmallFaces: preset.losesSmallFaces ?? false,
        picture: presetPicturePath(preset),
        thumbnail: presetThumbnailPath(preset),
      }));
      if (json) return say(JSON.stringify(listed));
      const width = Math.max(...listed.map(({ name }) => name.length));
      for (const { name, description, losesSmallFaces, thumbnail } of listed) {
        const warning = losesSmallFaces
          ? ['Small faces lose eyes and mouth: it is for faces that fill the picture.']
          : [];
        say(`${name.padEnd(width)}  ${[description, ...warning, thumbnail].join(`\n${' '.repeat(width)}  `)}`);
      }
    });
}
