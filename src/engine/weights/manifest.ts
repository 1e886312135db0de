import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../package-root.js';
import type { NetworkName } from '../topology.js';
import { WeightsError } from './weights-error.js';

/** A digest that a file must have. MD5 where its publisher gives no other: it finds damage, and HTTPS does the rest. */
export interface Digest {
  readonly algorithm: 'sha256' | 'md5';
  /** Hexadecimal, lower case. */
  readonly hex: string;
}

/** Where a network's weights come from, by weights/manifest.json. */
export interface ManifestEntry {
  readonly network: NetworkName;
  /** What the file is called where it is published, and on a mirror. */
  readonly file: string;
  /** Addresses, the first one first. None for what comes with the program. */
  readonly sources: readonly string[];
  /** The published file's size, where it is known. */
  readonly bytes: number | undefined;
  readonly digest: Digest;
  readonly licence: string;
  readonly citation: string;
}

export type Manifest = Readonly<Record<NetworkName, ManifestEntry>>;

const digestLengths = { sha256: 64, md5: 32 } as const;

/** The program's own weights/manifest.json. @throws WeightsError 'bad-manifest' */
export function readManifest(path = join(packageRoot(), 'weights', 'manifest.json')): Manifest {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw faulty(path, `cannot be read (${cause instanceof Error ? cause.message : cause})`, cause);
  }
  return parseManifest(json, path);
}

/**
 * A manifest of its JSON.
 * @param fileName - how errors call it.
 * @throws WeightsError 'bad-manifest' that names the network and the field.
 */
export function parseManifest(json: unknown, fileName: string): Manifest {
  const entry = (network: NetworkName): ManifestEntry => {
    const fields = fieldsOf(fieldsOf(json)[network]);
    const bad = (field: string) => faulty(fileName, `${network} has no proper "${field}"`);
    const text = (field: string) => {
      const value = fields[field];
      if (typeof value !== 'string' || value === '') throw bad(field);
      return value;
    };
    const { sources, bytes } = fields;
    if (!Array.isArray(sources) || !sources.every((source) => typeof source === 'string' && URL.canParse(source))) {
      throw bad('sources');
    }
    if (bytes !== undefined && !(typeof bytes === 'number' && Number.isSafeInteger(bytes) && bytes > 0)) {
      throw bad('bytes');
    }
    const algorithm = fields.sha256 === undefined ? 'md5' : 'sha256';
    const hex = text(algorithm);
    if (!/^[0-9a-f]+$/.test(hex) || hex.length !== digestLengths[algorithm]) throw bad(algorithm);
    const file = text('file');
    // It becomes a part of paths and addresses.
    if (!/^[\w.-]+$/.test(file)) throw bad('file');
    return {
      network,
      file,
      sources,
      bytes,
      digest: { algorithm, hex },
      licence: text('licence'),
      citation: text('citation'),
    };
  };
  return { vgg19: entry('vgg19'), vgg16: entry('vgg16'), 'vgg19-lite': entry('vgg19-lite') };
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

function faulty(file: string, problem: string, cause?: unknown): WeightsError {
  return new WeightsError({
    code: 'bad-manifest',
    file,
    problem,
    remedy: 'It belongs to the program: install it again.',
    cause,
  });
}
