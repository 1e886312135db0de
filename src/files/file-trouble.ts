/** Clauses for people that say why the operating system refuses a file, by the system's names of errors. */
export const fileTroubles = {
  EACCES: 'permission denied',
  EBUSY: 'another program is using it',
  EDQUOT: 'the quota on the disk is used up',
  EFBIG: 'it would be larger than files may be',
  EISDIR: 'it is a folder',
  EMFILE: 'too many files are open',
  ENAMETOOLONG: 'its name is too long',
  ENOENT: 'there is nothing of that name',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a part of the path is not a folder',
  EPERM: 'the system does not allow it',
  EROFS: 'the disk can only be read',
} as const satisfies Readonly<Record<string, string>>;

/** The name of an error of the system, such as 'ENOENT'; undefined for an error that has none. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** Says why a file can't be used, as a clause: in our words, or in the error's where we have none. */
export function fileTrouble(error: unknown): string {
  const code = systemCode(error);
  if (code !== undefined && hasWords(code)) return fileTroubles[code];
  return error instanceof Error ? error.message : String(error);
}

/** Whether there is no room for a file: on the disk, in a quota, or under a limit on the size of files. */
export function lacksRoom(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(systemCode(error) ?? '');
}

function hasWords(code: string): code is keyof typeof fileTroubles {
  return Object.hasOwn(fileTroubles, code);
}
