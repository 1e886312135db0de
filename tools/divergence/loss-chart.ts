/** One curve of a {@link lossChart}. */
export interface LossCurve {
  readonly name: string;
  /** A colour in SVG's notation, which must be visible on white and on black. */
  readonly color: string;
  readonly points: readonly { readonly evaluations: number; readonly loss: number }[];
}

const width = 720;
const height = 400;
const plot = { left: 56, right: 704, top: 72, bottom: 356 };
/** A grey with the same contrast on white and on black, because pages are shown on both. */
const ink = '#7a7f87';

/**
 * Returns an SVG without a background that shows losses over evaluations, on a logarithmic scale.
 *
 * @param curves - at least one curve, each with at least one point; all losses must be above 0 and finite.
 */
export function lossChart(curves: readonly LossCurve[]): string {
  const all = curves.flatMap(({ points }) => points);
  const last = Math.max(...all.map(({ evaluations }) => evaluations));
  const lowest = Math.log10(Math.min(...all.map(({ loss }) => loss))) - 0.03;
  const highest = Math.log10(Math.max(...all.map(({ loss }) => loss))) + 0.03;
  const x = (evaluations: number) => plot.left + (evaluations / last) * (plot.right - plot.left);
  const y = (loss: number) =>
    plot.bottom - ((Math.log10(loss) - lowest) / (highest - lowest)) * (plot.bottom - plot.top);

  const lossTicks = ticks(lowest, highest).map(
    (loss) =>
      `<path d="M${plot.left} ${y(loss).toFixed(1)}H${plot.right}" stroke="${ink}" stroke-opacity=".3"/>` +
      `<text x="${plot.left - 8}" y="${(y(loss) + 4).toFixed(1)}" text-anchor="end">${loss}</text>`,
  );
  const evaluationTicks = Array.from({ length: Math.floor(last / 50) + 1 }, (_, i) => 50 * i).map(
    (evaluations) =>
      `<text x="${x(evaluations).toFixed(1)}" y="${plot.bottom + 20}" text-anchor="middle">${evaluations}</text>`,
  );
  const lines = curves.map(({ color, points }) => {
    const path = points.map((point) => `${x(point.evaluations).toFixed(1)} ${y(point.loss).toFixed(1)}`).join('L');
    return `<path d="M${path}" fill="none" stroke="${color}" stroke-width="2" stroke-linejoin="round"/>`;
  });
  const legend = curves.map(({ name, color }, i) => {
    const [left, base] = [plot.left + (i % 2) * 324, 22 + 22 * Math.floor(i / 2)];
    return (
      `<path d="M${left} ${base - 4}h24" stroke="${color}" stroke-width="3"/>` +
      `<text x="${left + 32}" y="${base}">${name}</text>`
    );
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" ` +
      `font-family="sans-serif" font-size="13" fill="${ink}">`,
    '<title>The loss, evaluation by evaluation</title>',
    ...lossTicks,
    ...evaluationTicks,
    `<text x="${(plot.left + plot.right) / 2}" y="${height - 8}" text-anchor="middle">evaluations of loss and gradient</text>`,
    ...lines,
    ...legend,
    '</svg>',
    '',
  ].join('\n');
}

/** Returns 1, 2 and 5 times all powers of ten that lie between two decimal logarithms. */
function ticks(lowest: number, highest: number): readonly number[] {
  const values: number[] = [];
  for (let power = Math.floor(lowest); power <= highest; power++) {
    for (const digit of [1, 2, 5]) {
      const value = Number(`${digit}e${power}`);
      if (Math.log10(value) >= lowest && Math.log10(value) <= highest) values.push(value);
    }
  }
  return values;
}
