import { expect } from 'vitest';

interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const suffixes: Readonly<Record<string, readonly string[]>> = { histogram: ['_bucket', '_sum', '_count'] };

/** Reads metrics in Prometheus' text format, so that tests can ask for them. */
export function exposition(text: string) {
  const samples = text.split('\n').flatMap((line): Sample[] => {
    const [, name, labels = '', value] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
    if (name === undefined) return [];
    const pairs = [...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, label = '', content = '']) => [label, content]);
    return [{ name, labels: Object.fromEntries(pairs), value: Number(value) }];
  });
  const names = new Set(
    [...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)].flatMap(([, name = '', type = '']) =>
      (suffixes[type] ?? ['']).map((suffix) => name + suffix),
    ),
  );
  /** Returns the labels that a metric's samples have. Those that nothing was counted for yet have no samples. */
  const labelsOf = (name: string) =>
    new Set(samples.filter((sample) => sample.name === name).flatMap(({ labels }) => Object.keys(labels)));
  const requireLabels = (expression: string, name: string, labels: readonly string[]) => {
    const known = labelsOf(name);
    if (!samples.some((sample) => sample.name === name)) return;
    for (const label of labels) if (label !== 'job') expect(known, `${label} in ${expression}`).toContain(label);
  };
  return {
    /** Returns the value of the first sample with these labels; undefined where there is none. */
    value: (name: string, labels: Readonly<Record<string, string>> = {}): number | undefined =>
      samples.find(
        (sample) =>
          sample.name === name && Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
      )?.value,
    /** Expects that every metric which a PromQL expression names exists, with the labels that it asks for. */
    requireKnown: (expression: string): void => {
      const selectors = [...expression.matchAll(/\b((?:whitewalker|process|nodejs)_\w+)(?:\{([^}]*)\})?/g)];
      for (const [, name = '', matchers = ''] of selectors) {
        expect(names, expression).toContain(name);
        const labels = [...matchers.matchAll(/(\w+)(?:=~|!=|!~|=)"/g)].map(([, label = '']) => label);
        requireLabels(expression, name, labels);
      }
      for (const [, labels = '', name = ''] of expression.matchAll(
        /by \(([\w, ]+)\) \((?:\w+\()?((?:whitewalker)_\w+)/g,
      )) {
        requireLabels(expression, name, labels.split(', '));
      }
    },
  };
}
