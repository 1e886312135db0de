import type { EvaluationFigures } from '../evaluation.js';
import type { JobFigures } from '../job.js';

/** Makes the table of evaluations, with a column for each way to run the peer, and how much faster than the best of them. */
export function evaluationTable(evaluations: readonly EvaluationFigures[]): string {
  const variants = [...new Set(evaluations.flatMap(({ peer }) => [...peer.keys()]))];
  const columns = variants.map((variant) => `PyTorch ${variant}, ms`);
  const heads = ['network', 'size', 'ms', ...columns, ...(variants.length > 0 ? ['lead'] : [])];
  const lines = evaluations.map((figures) => {
    const { network, size, milliseconds, gflops, matrixProductGflops, ofMatrixProduct, peer } = figures;
    const others = variants.map((variant) => peer.get(variant)?.toFixed(0) ?? '');
    const lead = variants.length > 0 ? [`${(Math.min(...peer.values()) / milliseconds).toFixed(2)} ×`] : [];
    const rates = [gflops.toFixed(0), matrixProductGflops.toFixed(0), ofMatrixProduct.toFixed(2)];
    return [network, `${size}²`, milliseconds.toFixed(0), ...others, ...lead, ...rates];
  });
  return table([...heads, 'GFLOP/s', 'matrix product, GFLOP/s', 'ratio'], lines);
}

/** Makes the table of whole jobs. */
export function jobTable(jobs: readonly JobFigures[]): string {
  const lines = jobs.map(({ network, seconds, evaluations, engineShare, peakRssMegabytes }) => {
    const share = `${(100 * engineShare).toFixed(0)} %`;
    return [network, seconds.toFixed(1), String(evaluations), share, peakRssMegabytes.toFixed(0)];
  });
  return table(['network', 'seconds', 'evaluations', 'in the engine', 'peak RSS, MB'], lines);
}

/**
 * Returns a document with tables in the places that it has for them, between `<!-- NAME -->` and `<!-- end of NAME -->`.
 * @throws Error where it has none of that name.
 */
export function withTables(document: string, tables: Readonly<Record<string, string>>): string {
  return Object.entries(tables).reduce((text, [name, content]) => {
    const [begin, end] = [`<!-- ${name} -->\n`, `\n<!-- end of ${name} -->`];
    const [from, to] = [text.indexOf(begin), text.indexOf(end)];
    if (from < 0 || to < from) throw new Error(`The document has no place for a table: write ${begin}${end} into it.`);
    return `${text.slice(0, from + begin.length)}\n${content}\n${text.slice(to)}`;
  }, document);
}

function table(heads: readonly string[], lines: readonly (readonly string[])[]): string {
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [row(heads), `|${'---|'.repeat(heads.length)}`, ...lines.map(row)].join('\n');
}
