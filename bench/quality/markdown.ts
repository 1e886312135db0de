import type { Estimate, PairedComparison } from './comparison.js';
import type { ReportOptions, SettingReport } from './report.js';

/** Returns a report as tables in Markdown, for people. */
export function markdownOf(
  reports: readonly SettingReport[],
  { reference, judges, mainWeight }: ReportOptions,
): string {
  const rows = (cells: (report: SettingReport) => readonly string[]) =>
    reports.map((report) => `| ${[report.setting, ...cells(report)].join(' | ')} |`);
  const against = ({ setting }: SettingReport, comparison: PairedComparison) =>
    setting === reference ? '' : change(comparison);
  const lines = [
    `Mean ± standard error at style weight ${mainWeight}. In bold, the change against \`${reference}\` on the same pairs:`,
    'the geometric mean of ratios, with Student’s t, and in how many of the pairs it is lower.',
    '',
    '| setting | pairs | processor seconds | finest detail, of the style’s | border brighter by, of 255 | border’s deviation |',
    '|---|---|---|---|---|---|',
    ...rows((report) => [
      String(report.detail.count),
      `${report.processorSeconds.mean.toFixed(1)} ${against(report, report.processorSeconds.paired)}`,
      `${plusMinus(report.detail)} ${against(report, report.detail.paired)}`,
      shift(report, report.setting === reference),
      `${plusMinus(report.borderDeviation)} ${against(report, report.borderDeviation.paired)}`,
    ]),
  ];
  for (const judge of judges) {
    const of = (report: SettingReport) => report.judges[judge];
    lines.push(
      '',
      `Judge: ${judge}`,
      '',
      '| setting | content | style, Gram | style, moments | style at equal content, Gram | … moments |',
      '|---|---|---|---|---|---|',
      ...rows((report) => {
        const judged = of(report);
        if (!judged) return [];
        const { content, styleGram, styleMoments, equalContent } = judged;
        return [
          ...[content, styleGram, styleMoments].map((one) => `${plusMinus(one)} ${against(report, one.paired)}`),
          against(report, equalContent.gram),
          against(report, equalContent.moments),
        ];
      }),
    );
  }
  return `${lines.join('\n')}\n`;
}

function shift({ borderShift: { difference, ...shift } }: SettingReport, isReference: boolean): string {
  const steps = ({ mean, standardError }: Estimate) =>
    `${(255 * mean).toFixed(1)} ± ${(255 * standardError).toFixed(1)}`.replace('-', '−');
  return isReference ? steps(shift) : `${steps(shift)} (difference ${steps(difference)})`;
}

function plusMinus({ mean, standardError }: Estimate): string {
  return `${mean.toPrecision(3)} ± ${standardError.toPrecision(2)}`;
}

function change({ ratio, t, lower, pairs }: PairedComparison): string {
  if (pairs === 0) return 'out of reach';
  const percent = 100 * (ratio - 1);
  const figure = `${percent < 0 ? '−' : '+'}${Math.abs(percent).toFixed(0)} %`;
  return `**${figure}** (t ${t.toFixed(1).replace('-', '−')}, ${lower}/${pairs})`;
}
