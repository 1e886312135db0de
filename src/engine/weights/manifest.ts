import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { CodedError } from '../../coded-error.js';
import { packageRoot } from '../../package-root.js';
import type { NetworkName } from '../topology.js';
import { weightsError } from './weights-error.js';

/** The digest that a file must have; MD5 where its publisher gives no other: it finds damage, HTTPS does the rest. */
export interface Digest {
  readonly algorithm: 'sha256' | 'md5';
  /** The digest in lower-case hexadecimal. */
  readonly hex: string;
}

const text = z.string().min(1);

/** The fields that weights/manifest.json has for each network. */
const manifestFields = z.object({
  /** Addresses to download the file from, in the order in which they are tried; none if it comes with the program. */
  sources: z.array(z.string().refine((source) => URL.canParse(source))).readonly(),
  /** The published file's size in bytes, where it is known. */
  bytes: z.int().positive().optional(),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  md5: z
    .string()
    .regex(/^[0-9a-f]{32}$/)
    .optional(),
  /** The file's name where it is published and on mirrors; it becomes a part of paths and addresses. */
  file: z.string().regex(/^[\w.-]+$/),
  licence: text,
  citation: text,
});

/** The manifest's entry of one network: where its weights come from. */
export interface ManifestEntry extends Readonly<Omit<z.infer<typeof manifestFields>, Digest['algorithm']>> {
  readonly network: NetworkName;
  readonly digest: Digest;
}

export type Manifest = Readonly<Record<NetworkName, ManifestEntry>>;

/** Reads a manifest, by default the program's own weights/manifest.json. @throws `weights/bad-manifest` */
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
 * Makes a manifest of its parsed JSON.
 * @param fileName - the file's name in errors.
 * @throws `weights/bad-manifest` that names the network and the bad field.
 */
export function parseManifest(json: unknown, fileName: string): Manifest {
  const networks = z.record(z.string(), z.unknown()).catch({}).parse(json);
  const entry = (network: NetworkName): ManifestEntry => {
    const bad = (field = 'sources') => faulty(fileName, `${network} has no proper "${field}"`);
    const { data, error } = manifestFields.safeParse(networks[network]);
    if (error) throw bad(error.issues[0]?.path[0]?.toString());
    const { sha256, md5, ...fields } = data;
    if (sha256 !== undefined) return { ...fields, network, digest: { algorithm: 'sha256', hex: sha256 } };
    if (md5 !== undefined) return { ...fields, network, digest: { algorithm: 'md5', hex: md5 } };
    throw bad('md5');
  };
  return { vgg19: entry('vgg19'), vgg16: entry('vgg16'), 'vgg19-lite': entry('vgg19-lite') };
}

function faulty(file: string, problem: string, cause?: unknown): CodedError {
  return weightsError({
    code: 'bad-manifest',
    file,
    problem,
    remedy: 'It belongs to the program: install it again.',
    cause,
  });
}
