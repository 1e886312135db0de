import type { Failure } from '../../jobs/job.js';
import { inAllLanguages, type Language } from './language.js';
import { errorText, type Texts } from './texts.js';

type FailureTexts = Readonly<Record<string, ((context: Failure['context']) => string) | undefined>>;

/**
 * What is said of jobs that failed, by the failure's code. Everybody in the channel reads it: so it says what was wrong
 * and what works, and asks nobody to do anything.
 */
const failureTexts = inAllLanguages<FailureTexts>({
  en: {
    'image/empty': () => 'The file is empty.',
    'image/not-an-image': () => 'The file is not a picture. I take JPEG, PNG, WebP, GIF, AVIF and TIFF.',
    'image/unsupported-format': ({ found }) =>
      `The file is ${found ?? 'of another format'}. I take JPEG, PNG, WebP, GIF, AVIF and TIFF.`,
    'image/ambiguous-samples': () =>
      'Every program shows the samples of this TIFF differently. With 8 bits a channel it works, as a PNG for example.',
    'image/truncated': () => 'The end of the file is missing. Uploaded once more, it may work.',
    'image/damaged': () => 'The file is damaged or of a rare kind. Opened in a program and saved anew, it may work.',
    'image/out-of-memory': () => 'There was too little memory to open the file. A smaller one may work.',
    'image/too-many-bytes': ({ maxBytes }) => `The file is too large: up to ${megabytes(maxBytes)} MB work.`,
    'image/too-many-pixels': ({ width, height, maxPixels }) =>
      `The picture has ${width} × ${height} pixels, and up to ${Math.floor(Number(maxPixels) / 1e6)} million in all work.`,
    'image/too-many-frames': ({ maxFrames }) => `The animation is too long: up to ${maxFrames} frames work.`,
    'image/too-many-frame-pixels': () =>
      'The frames of the animation are too large together. A shorter or smaller one may work.',
    'image/too-large-side': ({ width, height, maxSide }) =>
      `The picture has ${width} × ${height} pixels, and up to ${maxSide} a side work.`,
    'image/too-small': ({ width, height, minSide }) =>
      `The picture has ${width} × ${height} pixels, and each side needs at least ${minSide}.`,
    'image/extreme-aspect-ratio': ({ width, height, maxAspectRatio }) =>
      `The picture has ${width} × ${height} pixels, and up to ${maxAspectRatio}:1 works.`,
    'image/not-finite': () => 'The picture went astray while it was computed. Other settings may do better.',
    'mask/nothing-styled': () => 'The mask is black everywhere, and what is white in it is styled.',
    'mask/everything-styled': () => 'The mask is white everywhere, and what is black in it stays as it is.',
    'mask/color-lacking': ({ color, common }) =>
      color === 'rest'
        ? 'The whole mask has colours with styles of their own, and nothing is left for the style of the rest.'
        : `The mask has no pixel of ${color}. Most of it is ${common}.`,
    'mask/color-mixed': ({ color, common }) =>
      `The mask has no pixel of ${color}. Most of it is ${common}. That is so once it is shrunk for painting, which mixes the colours of fine places.`,
    'mask/color-scarce': ({ color }) => `The mask has next to nothing of ${color}.`,
    'mask/transparent': () => 'The mask is transparent everywhere.',
    'mask/zones-and-regions': () =>
      'Styles for colours of the mask go where the mask says, and regions beside it have no style.',
    'download-not-allowed': () => 'I only take pictures that are uploaded to Discord.',
    'download-not-found': () => 'Discord no longer has the picture.',
    'download-too-many-bytes': ({ maxMegabytes }) => `The file is too large: up to ${maxMegabytes} MB work.`,
    'download-timeout': () => 'Discord was too slow to give me the picture.',
    'download-unavailable': () => 'Discord could not give me the picture just now.',
    'unknown-preset': ({ name }) => `The style "${name}" has been removed.`,
    'inputs-expired': () => 'The pictures of the earlier order are deleted by now.',
    'too-slow': () => 'The queue took longer than expected, and Discord lets me answer here for 15 minutes only.',
    'out-of-memory': () => 'There was not enough memory for this size. A smaller quality takes less.',
    'result-too-large': () => 'The result could not be made small enough to be sent here.',
    'inputs-deleted': () => 'Whoever uploaded this picture has had it deleted.',
    crashed: () =>
      'The computation crashed twice, so I gave up on it. A smaller quality or another picture may work; the bot itself is fine.',
    unexpected: ({ id }) => `Something went wrong on my side. Whoever hosts me finds it in the log by \`${id}\`.`,
  },
  de: {
    'image/empty': () => 'Die Datei ist leer.',
    'image/not-an-image': () => 'Die Datei ist kein Bild. Ich nehme JPEG, PNG, WebP, GIF, AVIF und TIFF.',
    'image/unsupported-format': () =>
      'Das Format der Datei nehme ich nicht. Ich nehme JPEG, PNG, WebP, GIF, AVIF und TIFF.',
    'image/ambiguous-samples': () =>
      'Die Bildwerte dieses TIFF zeigt jedes Programm anders. Mit 8 Bit je Kanal geht es, zum Beispiel als PNG.',
    'image/truncated': () => 'Das Ende der Datei fehlt. Noch einmal hochgeladen, geht sie vielleicht.',
    'image/damaged': () =>
      'Die Datei ist beschädigt oder von seltener Art. In einem Programm geöffnet und neu gespeichert, geht sie vielleicht.',
    'image/out-of-memory': () =>
      'Zum Öffnen der Datei war zu wenig Speicher da. Mit einer kleineren geht es vielleicht.',
    'image/too-many-bytes': ({ maxBytes }) => `Die Datei ist zu groß: Bis ${megabytes(maxBytes)} MB gehen.`,
    'image/too-many-pixels': ({ width, height, maxPixels }) =>
      `Das Bild hat ${width} × ${height} Pixel, und zusammen gehen bis ${Math.floor(Number(maxPixels) / 1e6)} Millionen.`,
    'image/too-many-frames': ({ maxFrames }) => `Die Animation ist zu lang: Bis ${maxFrames} Einzelbilder gehen.`,
    'image/too-many-frame-pixels': () =>
      'Die Einzelbilder der Animation sind zusammen zu groß. Mit einer kürzeren oder kleineren geht es vielleicht.',
    'image/too-large-side': ({ width, height, maxSide }) =>
      `Das Bild hat ${width} × ${height} Pixel, und je Seite gehen bis ${maxSide}.`,
    'image/too-small': ({ width, height, minSide }) =>
      `Das Bild hat ${width} × ${height} Pixel, und jede Seite braucht mindestens ${minSide}.`,
    'image/extreme-aspect-ratio': ({ width, height, maxAspectRatio }) =>
      `Das Bild hat ${width} × ${height} Pixel, und es geht bis ${maxAspectRatio}:1.`,
    'image/not-finite': () =>
      'Das Bild ist beim Berechnen aus dem Ruder gelaufen. Mit anderen Einstellungen geht es vielleicht.',
    'mask/nothing-styled': () => 'Die Maske ist überall schwarz, und gemalt wird, was in ihr weiß ist.',
    'mask/everything-styled': () => 'Die Maske ist überall weiß, und was in ihr schwarz ist, bleibt, wie es ist.',
    'mask/color-lacking': ({ color, common }) =>
      color === 'rest'
        ? 'Die ganze Maske hat Farben mit eigenen Stilen, und für den Stil des Rests bleibt nichts übrig.'
        : `Die Maske hat kein Pixel in ${color}. Das meiste an ihr ist ${common}.`,
    'mask/color-mixed': ({ color, common }) =>
      `Die Maske hat kein Pixel in ${color}. Das meiste an ihr ist ${common}. So ist es, wenn sie zum Malen verkleinert ist: Feine Stellen mischen dabei ihre Farben.`,
    'mask/color-scarce': ({ color }) => `Die Maske hat fast nichts in ${color}.`,
    'mask/transparent': () => 'Die Maske ist überall durchsichtig.',
    'mask/zones-and-regions': () =>
      'Stile für Farben der Maske kommen dorthin, wo die Maske es sagt, und Bereiche daneben haben keinen Stil.',
    'download-not-allowed': () => 'Ich nehme nur Bilder, die bei Discord hochgeladen sind.',
    'download-not-found': () => 'Discord hat das Bild nicht mehr.',
    'download-too-many-bytes': ({ maxMegabytes }) => `Die Datei ist zu groß: Bis ${maxMegabytes} MB gehen.`,
    'download-timeout': () => 'Discord hat mir das Bild zu langsam gegeben.',
    'download-unavailable': () => 'Discord konnte mir das Bild gerade nicht geben.',
    'unknown-preset': ({ name }) => `Den Stil „${name}“ gibt es nicht mehr.`,
    'inputs-expired': () => 'Die Bilder des früheren Auftrags sind inzwischen gelöscht.',
    'too-slow': () =>
      'Die Schlange war langsamer als gedacht, und Discord lässt mich hier nur 15 Minuten lang antworten.',
    'out-of-memory': () => 'Für diese Größe war nicht genug Speicher da. Eine kleinere Qualität braucht weniger.',
    'result-too-large': () => 'Das Ergebnis ließ sich nicht klein genug machen, um es hier zu senden.',
    'inputs-deleted': () => 'Wer dieses Bild hochgeladen hat, hat es löschen lassen.',
    crashed: () =>
      'Die Berechnung ist zweimal abgestürzt, darum habe ich aufgegeben. Mit kleinerer Qualität oder einem anderen Bild geht es vielleicht; dem Bot selbst geht es gut.',
    unexpected: ({ id }) =>
      `Bei mir ist etwas schiefgegangen. Wer mich betreibt, findet es im Protokoll unter \`${id}\`.`,
  },
});

/** Names of a job's pictures, by input; a name stands before what is said of that picture. */
const pictureNames = inAllLanguages<Readonly<Record<string, string | undefined>>>({
  en: {
    content: 'The picture',
    style: 'The style picture',
    'style-2': 'The second style picture',
    mask: 'The mask',
    first: 'The first picture',
    second: 'The second picture',
  },
  de: {
    content: 'Das Bild',
    style: 'Das Stilbild',
    'style-2': 'Das zweite Stilbild',
    mask: 'Die Maske',
    first: 'Das erste Bild',
    second: 'Das zweite Bild',
  },
});

/** Codes of failures that the same order may not meet a second time. */
const passing: readonly string[] = ['download-timeout', 'download-unavailable', 'too-slow', 'crashed', 'unexpected'];

/** Returns whether it may help to try again after a failure, with the same order. */
export function mayPass({ code }: Failure): boolean {
  return passing.includes(code);
}

/** Returns what everybody is told of a job that failed; of a code that is not known here, what its person would be told. */
export function failureText(texts: Texts, { code, context }: Failure): string {
  const text = failureTexts[texts.language][code];
  if (text === undefined) return errorText(texts, code, context);
  const which = pictureNames[texts.language][String(context.input ?? '')];
  return which === undefined ? text(context) : `**${which}:** ${text(context)}`;
}

/** Returns the codes of failures that have texts in a language. */
export function failureCodes(language: Language): readonly string[] {
  return Object.keys(failureTexts[language]);
}

function megabytes(bytes: string | number | undefined): number {
  return Math.floor(Number(bytes) / 1024 / 1024);
}
