import { inAllLanguages } from './language.js';

/** The texts of `/defaults`. */
export const defaultsTexts = inAllLanguages({
  en: {
    command: {
      description: 'What holds for you where you choose nothing; without options, show it',
      quality: 'Size and care of your pictures',
      keepColors: 'Keep the colours of your pictures',
    },
    asServer: 'as the server has it',
    /** What holds for whoever has set both. */
    told: (quality: string, colors: string) => `Where you choose nothing: quality **${quality}**, **${colors}**.`,
    ownColors: 'the colours of your picture',
    styleColors: 'the colours of the style',
  },
  de: {
    command: {
      description: 'Was für dich gilt, wenn du nichts wählst; ohne Angaben wird es gezeigt',
      quality: 'Größe und Sorgfalt deiner Bilder',
      keepColors: 'Die Farben deiner Bilder behalten',
    },
    asServer: 'wie der Server es hat',
    told: (quality, colors) => `Wenn du nichts wählst: Qualität **${quality}**, **${colors}**.`,
    ownColors: 'die Farben deines Bildes',
    styleColors: 'die Farben des Stils',
  },
});
