import { availableParallelism } from 'node:os';
import { CodedError, isCoded } from '../coded-error.js';
import type { EngineChoice } from '../engine/choose-engine.js';
import type { Engine } from '../engine/engine.js';
import { openEngine } from '../engine/open-engine.js';
import { installationTrouble } from '../installation-trouble.js';
import { secondsPerPixel } from '../transfer/engine-speed.js';
import { memoryForEvaluating } from '../transfer/transfer-memory.js';
import { AskedFrames } from './asked-frames.js';
import { type ComputeRequest, isImpossible } from './compute.js';
import { Engines } from './engines.js';
import { faultOf } from './fault.js';
import { type Ending, type Instruction, plainError, type Report } from './messages.js';
import { PauseSwitch } from './pause-switch.js';
import { performTask } from './perform-task.js';
import { slowdown } from './thread-shares.js';
import { WatchedEngine } from './watched-engine.js';
import { WorkingTime } from './working-time.js';

/** Shortest time between signs of life: evaluations of a small picture take a few milliseconds. */
const leastSignMs = 250;

let engines: Engines | undefined;
/** The memory that this process may take, in bytes; undefined: as much as it wants. */
let memoryBytes: number | undefined;
/** The threads that this process has where no other one has a task, and those that it has now. */
let allThreads = 1;
let threads = 1;
/** How fast the usual engine is, which is opened first: the seconds for each pixel of an evaluation. */
let usualSpeed: number | undefined;
/** Settles once the usual engine is open, and rejects where that fails. */
let started: Promise<Engine> = Promise.reject(new Error('Expected to be started before any task'));
started.catch(() => {});
/** Stops the task that is being computed; undefined between tasks. */
let cancellation: AbortController | undefined;
/** How long the task that is being computed, or was computed last, is worked at. */
let time = new WorkingTime();
/** Pauses the task that is being computed. */
let pauses = new PauseSwitch();
/** The kept frames of the task that is being computed. */
let frames: AskedFrames | undefined;
let reportedAt = Number.NEGATIVE_INFINITY;

/** Follows the instructions of the process that forked this one, see messages.ts. */
export function followInstructions(): void {
  process.on('message', (message) => follow(message as Instruction));
}

function follow(instruction: Instruction): void {
  switch (instruction.kind) {
    case 'start':
      void start(instruction.engine);
      return;
    case 'task':
      void perform(instruction.request);
      return;
    case 'threads':
      ({ threads } = instruction);
      time.slowTo(slowdown(threads, allThreads));
      return;
    case 'pause':
      pauses.pause();
      return;
    case 'go-on':
      pauses.goOn();
      return;
    case 'frame':
      frames?.hear(instruction);
      return;
    case 'cancel':
      cancellation?.abort();
  }
}

async function start(choice: EngineChoice): Promise<void> {
  memoryBytes = choice.memoryBytes;
  allThreads = choice.threads ?? availableParallelism();
  threads = allThreads;
  engines = new Engines(({ network = choice.network, pooling = choice.pooling }) =>
    openWarm({ ...choice, network, pooling }),
  );
  started = engines.of();
  try {
    const { name, network } = await started;
    report({ kind: 'ready', engine: name, network: network.name, secondsPerPixel: usualSpeed ?? Number.NaN });
  } catch (error) {
    const told = installationTrouble(error) ?? error;
    report({
      kind: 'not-ready',
      fault: faultOf(told),
      ...(told instanceof CodedError && { error: plainError(told) }),
    });
  }
}

/** Opens an engine. Measuring it has it compile what most style transfers need, which saves the first task half a second. */
async function openWarm(choice: EngineChoice): Promise<Engine> {
  const memoryFor = memoryBytes === undefined ? undefined : memoryForEvaluating(memoryBytes);
  const opened = new WatchedEngine(
    await openEngine(choice, { memoryFor, onPiece: giveSign, threads: () => threads }),
    giveSign,
  );
  const speed = await secondsPerPixel(opened);
  usualSpeed ??= speed;
  return opened;
}

async function perform(request: ComputeRequest): Promise<void> {
  cancellation = new AbortController();
  pauses = new PauseSwitch();
  frames = new AskedFrames(report, cancellation.signal);
  time = new WorkingTime(slowdown(threads, allThreads));
  const ending = await endingOf(request, cancellation.signal, frames);
  cancellation = undefined;
  report({ kind: 'ending', ending, rssBytes: process.memoryUsage.rss() });
}

async function endingOf(request: ComputeRequest, signal: AbortSignal, keptFrames: AskedFrames): Promise<Ending> {
  try {
    const result = await performTask(request, {
      engineFor: async (needs) => {
        const usual = await started;
        return (await engines?.of(needs)) ?? usual;
      },
      memoryBytes,
      time,
      signal,
      pauses,
      keptFrames,
      onProgress: (progress) => report({ kind: 'progress', progress }),
    });
    return { kind: 'done', result };
  } catch (error) {
    if (signal.aborted) return { kind: 'stopped' };
    if (isCoded(error, 'engine', 'device-lost')) return endAfter(error);
    return isImpossible(error)
      ? { kind: 'impossible', error: plainError(error) }
      : { kind: 'fault', fault: faultOf(error) };
  }
}

/** Ends this process, for which a lost GPU stays lost. Its task is tried again, by a new process with a new device. */
function endAfter({ message }: Error): Promise<never> {
  process.stderr.write(`${message}\n`, () => process.exit(1));
  return new Promise(() => {});
}

function giveSign(): void {
  if (performance.now() - reportedAt >= leastSignMs) report({ kind: 'alive' });
}

function report(message: Report): void {
  reportedAt = performance.now();
  // An error here means that nobody listens any more; `disconnect` follows then.
  process.send?.(message, undefined, undefined, () => {});
}
