import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The files that limit a group's memory: those of version 2, and that of version 1, which has a hierarchy of its own. */
const limits = { unified: ['memory.max', 'memory.high'], memory: ['memory.limit_in_bytes'] } as const;

/**
 * Returns the memory that the control groups (cgroups) of this process allow, in bytes; undefined where none limits it. That
 * of a service in a container is the container's, which is a group above the service's own: the least of all counts.
 * Node.js looks at the process's own group only.
 * @param root - the folder that has `proc` and `sys`.
 */
export function controlGroupLimit(root = '/'): number | undefined {
  const bytes = groupsOf(textOf(join(root, 'proc/self/cgroup'))).flatMap(({ kind, path }) => {
    const folders = kind === 'memory' ? ['memory'] : ['', 'unified'];
    const paths = upwards(path);
    return folders.flatMap((folder) =>
      paths.flatMap((group) => limits[kind].map((file) => textOf(join(root, 'sys/fs/cgroup', folder, group, file)))),
    );
  });
  // Without a limit there is a word, or the largest number that there is.
  const found = bytes.map((text) => Number.parseInt(text, 10)).filter((value) => value <= Number.MAX_SAFE_INTEGER);
  return found.length === 0 ? undefined : Math.min(...found);
}

interface Group {
  readonly kind: keyof typeof limits;
  readonly path: string;
}

/** Returns the control groups that a process is in, of those that can limit its memory. */
function groupsOf(text: string): readonly Group[] {
  return text.split('\n').flatMap((line): Group[] => {
    const [, controllers, path = '/'] = line.split(':', 3);
    if (controllers === '') return [{ kind: 'unified', path }];
    return controllers?.split(',').includes('memory') ? [{ kind: 'memory', path }] : [];
  });
}

/** Returns a path and all above it. Inside of a container the path may be the host's, of which only the top is there. */
function upwards(path: string): readonly string[] {
  const names = path.split('/').filter((name) => name !== '');
  return [...names.keys(), names.length].map((count) => names.slice(0, count).join('/'));
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // Only Linux has such files.
    return '';
  }
}
