/** Runs a generator to its end, waits for `onStep` after each value, and returns what the generator returns. */
export async function runToEnd<Step, Result>(
  steps: AsyncGenerator<Step, Result>,
  onStep: (step: Step) => void | Promise<void>,
): Promise<Result> {
  let turn = await steps.next();
  while (!turn.done) {
    await onStep(turn.value);
    turn = await steps.next();
  }
  return turn.value;
}
