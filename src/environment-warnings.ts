import { type Environment, type VariableName, variableNames } from './environment.js';

/** Variables that do nothing unless another one is set. */
const dependent: readonly (readonly [variable: VariableName, needed: VariableName])[] = [
  ['S3_ENDPOINT', 'REDIS_URL'],
  ['S3_BUCKET', 'S3_ENDPOINT'],
  ['S3_ACCESS_KEY_ID', 'S3_ENDPOINT'],
  ['S3_SECRET_ACCESS_KEY', 'S3_ENDPOINT'],
];

const prefixes = new Set(variableNames.filter((name) => name.includes('_')).map((name) => name.split('_', 1)[0]));

/** Names up to this length are others' by chance where two letters differ. */
const shortName = 7;

/**
 * Says what seems to be mistaken in an environment: misspelt variables, and such as do nothing.
 * @param inFile - the names that a file of settings sets: all in it is meant for the program.
 * @param environment - everything that is set, what the file sets included.
 */
export function settingsWarnings(inFile: readonly string[], environment: Environment): readonly string[] {
  const isSet = (name: string) => (environment[name]?.trim() ?? '') !== '';
  const unknown = (name: string) => isSet(name) && !variableNames.some((known) => known === name);
  const ofFile = inFile.filter(unknown).flatMap((name) => {
    const meant = similarTo(name);
    if (meant !== undefined) return [`${name} in .env means nothing. Is it meant to be ${meant}?`];
    return prefixes.has(name.split('_', 1)[0]) ? [`${name} in .env means nothing: there is no such setting.`] : [];
  });
  // Most of the environment is for other programs, so here only what is very much like one of ours counts.
  const ofOthers = Object.keys(environment).filter((name) => unknown(name) && !inFile.includes(name));
  const inEnvironment = ofOthers.flatMap((name) => {
    const meant = similarTo(name);
    const isLikely = meant !== undefined && meant.length > shortName && !isSet(meant);
    return isLikely ? [`${name} in the environment means nothing. Is it meant to be ${meant}?`] : [];
  });
  const idle = dependent
    .filter(([variable, needed]) => isSet(variable) && !isSet(needed))
    .map(([variable, needed]) => `${variable} is set and does nothing, because ${needed} is not set.`);
  return [...ofFile, ...inEnvironment, ...idle];
}

/** Returns the variable that a name seems to be misspelt from; undefined where it is like none. */
function similarTo(name: string): VariableName | undefined {
  const candidates = variableNames
    .filter((known) => Math.abs(known.length - name.length) <= 2)
    .map((known) => ({ known, distance: editDistance(name.toUpperCase(), known) }))
    .filter(({ known, distance }) => distance <= (known.length > shortName ? 2 : 1));
  return candidates.toSorted((a, b) => a.distance - b.distance)[0]?.known;
}

/** Counts how many characters have to be added, left out, replaced, or swapped with the next to make one of the other. */
function editDistance(from: string, to: string): number {
  let beforeLast: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i++) {
    const row = [i];
    for (let j = 1; j <= to.length; j++) {
      const replaced = (last[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      const areSwapped = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      const swapped = areSwapped ? (beforeLast[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY;
      row.push(Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, replaced, swapped));
    }
    beforeLast = last;
    last = row;
  }
  return last[to.length] ?? 0;
}
