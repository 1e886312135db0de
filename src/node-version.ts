/** The oldest Node.js that whitewalker runs on. */
export const oldestNode = '20.9';

/** Tells whether a version of Node.js, such as `20.20.2`, is older than {@link oldestNode}. */
export function isTooOld(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = oldestNode.split('.').map(Number);
  return major < oldestMajor || (major === oldestMajor && minor < oldestMinor);
}
