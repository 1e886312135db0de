import { parseArgs } from 'node:util';
import type { RgbImage } from '../../src/imaging/rgb-image.js';
import { transferDefaults } from '../../src/transfer/transfer-options.js';
import { contactSheet } from './contact-sheet.js';
import { Judge } from './judge.js';
import { markdownOf } from './markdown.js';
import { Painter } from './painter.js';
import { contentSources, originalNamed, readOriginals, styleSources } from './pictures.js';
import { reportOf } from './report.js';
import { ResultsFolder } from './results-folder.js';
import { scoreTrials } from './scoring.js';
import { qualitySettings, settingNamed } from './settings.js';
import { diagonalPairs, trialsOf } from './trials.js';

/**
 * `npm run bench:quality [-- options]` measures what each setting does to quality. Progress goes to the standard error
 * stream, tables or JSON to the standard output; pictures, measures, tables and the contact sheet go to a folder, where
 * a comparison that was cut off goes on. docs/quality.md explains options and figures.
 */
const { values } = parseArgs({
  options: {
    folder: { type: 'string', default: 'out/quality' },
    size: { type: 'string', default: '256' },
    epochs: { type: 'string', default: '60' },
    settings: { type: 'string', default: settingsThatNeedNoDownload().join(',') },
    reference: { type: 'string', default: 'default' },
    contents: { type: 'string', default: Object.keys(contentSources).join(',') },
    styles: { type: 'string', default: Object.keys(styleSources).join(',') },
    diagonals: { type: 'string', default: String(Object.keys(styleSources).length) },
    'style-weights': { type: 'string', default: '2.5,10,40' },
    weights: { type: 'string' },
    judge: { type: 'string', multiple: true, default: [] },
    'measure-only': { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});
const list = (text: string) => text.split(',').filter((part) => part !== '');
const say = (text: string) => process.stderr.write(`${text}\n`);

const extent = { size: Number(values.size), epochs: Number(values.epochs) };
const settings = [...new Set([values.reference, ...list(values.settings)])];
for (const setting of settings) settingNamed(setting);
const styleWeights = list(values['style-weights']).map(Number);
const mainWeight = transferDefaults.weights.style;
if (!styleWeights.includes(mainWeight)) {
  throw new Error(`Let --style-weights have ${mainWeight}, the default: settings are compared there.`);
}
const originals = await readOriginals(list(values.contents), list(values.styles));
const pairs = diagonalPairs(list(values.contents), list(values.styles), Number(values.diagonals));
const trials = trialsOf(pairs, settings, styleWeights);
const results = await ResultsFolder.open(values.folder, extent.size, extent.epochs);

if (!values['measure-only']) await paintWhatIsMissing();
const judges = [await Judge.open()];
for (const path of values.judge) judges.push(await Judge.open(path));
const scored = await scoreTrials(trials, originals, results, judges, extent.size);
for (const judge of judges) await judge.dispose();

const reporting = { reference: values.reference, judges: judges.map(({ name }) => name), mainWeight };
const report = reportOf(scored, settings, reporting);
const json = `${JSON.stringify({ ...extent, ...reporting, report }, null, 2)}\n`;
const markdown = markdownOf(report, reporting);
await results.writeReport('report.json', json);
await results.writeReport('report.md', markdown);
say(await results.writeReport('contact-sheet.png', await sheet()));
process.stdout.write(values.json ? json : markdown);

async function paintWhatIsMissing(): Promise<void> {
  const painter = new Painter(values.weights);
  try {
    for (const [index, trial] of trials.entries()) {
      if (await results.cost(trial)) continue;
      const { content, style, setting, styleWeight } = trial;
      const { picture, cost } = await painter.paint(
        settingNamed(setting),
        originalNamed(originals.contents, content),
        originalNamed(originals.styles, style),
        styleWeight,
        extent,
      );
      await results.keepPainting(trial, picture, cost);
      say(
        `${index + 1}/${trials.length}: ${content} × ${style}, ${setting}, style weight ${styleWeight}, ` +
          `${cost.seconds.toFixed(1)} s`,
      );
    }
  } finally {
    await painter.dispose();
  }
}

async function sheet(): Promise<Uint8Array> {
  const rows: (RgbImage | undefined)[][] = [];
  for (const { content, style } of pairs) {
    const row: (RgbImage | undefined)[] = [originals.contents[content], originals.styles[style]];
    for (const setting of settings) {
      const trial = { content, style, setting, styleWeight: mainWeight };
      row.push((await results.cost(trial)) ? await results.picture(trial) : undefined);
    }
    rows.push(row);
  }
  return contactSheet(['content', 'style', ...settings], rows);
}

function settingsThatNeedNoDownload(): readonly string[] {
  return Object.keys(qualitySettings).filter((name) => qualitySettings[name]?.network === 'vgg19-lite');
}
