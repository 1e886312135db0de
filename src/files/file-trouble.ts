/** Why a file can't be used, and what to do about it, in words for people. */
export interface FileFault {
  /** The reason, as a clause. */
  readonly reason: string;
  /** What to do, as a sentence. */
  readonly remedy: string;
}

const fileSystemRefuses: FileFault = {
  reason: 'the file system does not allow it',
  remedy: 'Choose another folder.',
};

/** What the operating system's names of errors mean for a file. It is the one place where they are put into words. */
export const fileFaults = {
  EACCES: { reason: 'permission denied', remedy: 'Choose another place, or see to it that this user may use it.' },
  EAGAIN: { reason: 'it is busy', remedy: 'Try again later.' },
  EBUSY: { reason: 'another program is using it', remedy: 'End that program, or choose another file.' },
  EDQUOT: { reason: 'the quota on the disk is used up', remedy: 'Make room, or choose another disk.' },
  EEXIST: { reason: 'something of that name is there already', remedy: 'Choose another name.' },
  EFBIG: {
    reason: 'it would be larger than files may be',
    remedy: 'Raise the limit on the size of files (`ulimit -f`), or choose another disk.',
  },
  EINVAL: { reason: 'the system does not take that name', remedy: 'Choose another name or folder.' },
  EIO: { reason: 'the disk has a fault', remedy: 'Check the disk, or choose another one.' },
  EISDIR: { reason: 'it is a folder', remedy: 'Choose the name of a file.' },
  ELOOP: { reason: 'its links lead in a circle', remedy: 'Choose a name without links.' },
  EMFILE: { reason: 'too many files are open', remedy: 'Raise the limit on open files (`ulimit -n`).' },
  ENAMETOOLONG: { reason: 'its name is too long', remedy: 'Choose a shorter name.' },
  ENFILE: { reason: 'too many files are open on this machine', remedy: 'End other programs.' },
  ENODEV: { reason: 'there is no such device', remedy: 'Choose the name of a file.' },
  ENOENT: { reason: 'there is nothing of that name', remedy: 'Check the name.' },
  ENOMEM: { reason: 'there is not enough memory', remedy: 'End other programs.' },
  ENOSPC: { reason: 'the disk is full', remedy: 'Make room, or choose another disk.' },
  ENOSYS: fileSystemRefuses,
  ENOTDIR: { reason: 'a part of the path is not a folder', remedy: 'Check the path.' },
  ENOTSUP: fileSystemRefuses,
  ENXIO: { reason: 'there is no such device', remedy: 'Choose the name of a file.' },
  EOPNOTSUPP: fileSystemRefuses,
  EPERM: { reason: 'the system does not allow it', remedy: 'Choose another name or folder.' },
  EPIPE: { reason: 'nobody reads it', remedy: 'Choose the name of a file.' },
  EROFS: { reason: 'the disk can only be read', remedy: 'Choose another disk.' },
  ESTALE: { reason: 'the file server does not know it any more', remedy: 'Connect to the file server again.' },
  ETIMEDOUT: { reason: 'the file server does not answer', remedy: 'Try again later.' },
  ETXTBSY: { reason: 'it is a program that is running', remedy: 'End that program, or choose another file.' },
  EXDEV: { reason: 'it lies on another disk', remedy: 'Choose a name on the same disk.' },
} as const satisfies Readonly<Record<string, FileFault>>;

/** The name of an error of the system, such as 'ENOENT'; undefined for an error that has none. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** Says why a file can't be used and what to do: in our words, or with the error's where we have none. */
export function fileFault(error: unknown): FileFault {
  const code = systemCode(error);
  if (code !== undefined && hasWords(code)) return fileFaults[code];
  const reason = error instanceof Error ? error.message : String(error);
  return { reason, remedy: 'Choose another file, or try again.' };
}

/** Says why a file can't be used, as a clause. */
export function fileTrouble(error: unknown): string {
  return fileFault(error).reason;
}

/** Whether there is no room for a file: on the disk, in a quota, or under a limit on the size of files. */
export function lacksRoom(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(systemCode(error) ?? '');
}

function hasWords(code: string): code is keyof typeof fileFaults {
  return Object.hasOwn(fileFaults, code);
}
