/** A frame that was chosen from an animation. */
export interface SampledFrame {
  readonly index: number;
  /** How long it is shown in milliseconds: until the next chosen one begins. */
  readonly delayMs: number;
}

/** How often the time between two frames is halved or doubled to find the shortest that leaves few enough of them. */
const bisections = 40;

/**
 * Chooses at most `most` frames of an animation, evenly in time: each begins when it does in the animation and is shown
 * until the next chosen one, so that movements keep their pace, what stands long does so with one frame, and the
 * animation is as long as before. The first frame is always one of them.
 * @param delaysMs - how long each frame is shown, more than 0.
 * @throws RangeError if `most` is not a whole number from 1 up.
 */
export function sampleFrames(delaysMs: readonly number[], most: number): readonly SampledFrame[] {
  if (!Number.isInteger(most) || most < 1) throw new RangeError(`Expected a number of frames from 1 up, got ${most}`);
  const starts: number[] = [];
  let lengthMs = 0;
  for (const delayMs of delaysMs) {
    starts.push(lengthMs);
    lengthMs += delayMs;
  }
  return lasting(chosen(starts, delaysMs, most), starts, lengthMs);
}

function chosen(begins: readonly number[], delaysMs: readonly number[], most: number): readonly number[] {
  if (begins.length <= most) return begins.map((_, index) => index);
  const lengthMs = delaysMs.reduce((sum, delayMs) => sum + delayMs, 0);
  // Delays are rounded: a frame that begins a little before its step is taken for it all the same, not the one after.
  const margin = delaysMs.reduce((least, delayMs) => Math.min(least, delayMs)) / 2;
  const starts = begins.map((start) => start + margin);
  // So long a step leaves few enough, but for rounding. A shorter one may do as well where some frames stand for long.
  let [shortest, longest] = [0, lengthMs / most];
  let best = firstOfEachStep(starts, longest, most);
  if (best.length > most) best = firstOfEachStep(starts, longest * (1 + 1e-9), most);
  for (let bisection = 0; bisection < bisections; bisection++) {
    const middle = (shortest + longest) / 2;
    const found = firstOfEachStep(starts, middle, most);
    if (found.length > most) {
      shortest = middle;
    } else {
      longest = middle;
      if (found.length > best.length) best = found;
    }
  }
  return best;
}

/** Cuts the time into steps, and returns the first of the frames that begin in each. */
function firstOfEachStep(starts: readonly number[], stepMs: number, most: number): readonly number[] {
  const found: number[] = [];
  let last = -1;
  for (const [index, start] of starts.entries()) {
    const step = Math.floor(start / stepMs);
    if (step === last) continue;
    found.push(index);
    last = step;
    if (found.length > most) break;
  }
  return found;
}

function lasting(indices: readonly number[], starts: readonly number[], lengthMs: number): readonly SampledFrame[] {
  return indices.map((index, position) => {
    const next = indices[position + 1];
    const end = next === undefined ? lengthMs : (starts[next] ?? lengthMs);
    return { index, delayMs: end - (starts[index] ?? 0) };
  });
}
