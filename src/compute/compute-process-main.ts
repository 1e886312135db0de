// The program of a compute process. Packages are loaded only with what follows instructions: one that is missing or made
// for another system is then told to the process that forked this one, as any other reason why no engine can be opened.

import { hearAbandonedImports, installationTrouble } from '../installation-trouble.js';
import { faultOf } from './fault.js';
import { plainError, type Report } from './messages.js';

// Terminals and service managers send these signals to all processes at once, but when to end is for the bot to decide.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
// Without a listener, a process whose work could not be loaded would end before it has told why.
process.on('disconnect', () => process.exit());
// The import that is waited for below fails as well, and is told; the engine needs no network.
hearAbandonedImports(() => {});
try {
  const { followInstructions } = await import('./instructions.js');
  followInstructions();
} catch (error) {
  const trouble = installationTrouble(error);
  const report: Report = {
    kind: 'not-ready',
    fault: faultOf(trouble ?? error),
    ...(trouble && { error: plainError(trouble) }),
  };
  process.send?.(report);
}
