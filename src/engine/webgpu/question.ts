import { fork } from 'node:child_process';
import { programPath } from '../../package-root.js';

/** The questions that a process of its own answers about WebGPU, since what fails natively would end this one. */
export type Question = 'opens' | 'speed';

/** The answer to {@link Question} `speed`: median milliseconds of the same evaluation. */
export interface Speed {
  readonly gpu: number;
  readonly processor: number;
}

/** What a process that was asked came to. */
export type Reply =
  | { readonly kind: 'answer'; readonly speed?: Speed | undefined; readonly log: string }
  /** It failed, in words, or died or hung, which `isDefinite` tells apart: a death may not happen again. */
  | { readonly kind: 'failure'; readonly reason: string; readonly isDefinite: boolean };

/** The message by which such a process answers. */
export type ReplyMessage =
  | { readonly kind: 'answer'; readonly speed?: Speed | undefined }
  | { readonly kind: 'failure'; readonly reason: string };

/** Longest wait for an answer, in milliseconds: the first shaders are compiled meanwhile. */
const patienceMs = 30_000;

/** Secrets and the like are nothing to a process that only tries a driver out. */
const handedDown =
  /^(?:PATH|HOME|USER|TMP|TEMP|TMPDIR|LANG|LD_|VK_|XDG_|MESA_|DRI_|NVIDIA_|__NV|SYSTEMROOT|WINDIR|LOCALAPPDATA|NODE_OPTIONS)/i;

/** Asks a question in a process of its own. Never rejects. */
export function ask(question: Question, environment: Readonly<Record<string, string>> = {}): Promise<Reply> {
  return new Promise((resolve) => {
    const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => handedDown.test(name)));
    const child = fork(programPath('engine/webgpu/question-process'), [question], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      env: { ...inherited, ...environment },
      execArgv: [],
    });
    let log = '';
    let message: ReplyMessage | undefined;
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      child.kill('SIGKILL');
    }, patienceMs);
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      log += text;
    });
    child.once('message', (received) => {
      message = received as ReplyMessage;
    });
    child.once('error', (error) => resolve({ kind: 'failure', reason: error.message, isDefinite: false }));
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      if (message?.kind === 'answer') resolve({ ...message, log });
      else if (message) resolve({ ...message, isDefinite: true });
      else {
        const how = isLate ? `gave no answer for ${patienceMs / 1000} s` : `ended with ${signal ?? `code ${code}`}`;
        resolve({ kind: 'failure', reason: `the process that tried it ${how}`, isDefinite: false });
      }
    });
  });
}
