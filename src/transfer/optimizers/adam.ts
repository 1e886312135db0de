import { type Evaluation, notFinite, type Objective, type Optimizer, type Step } from './optimizer.js';

/** The options of {@link Adam}. */
export interface AdamOptions {
  /** The most that each variable moves in the first step. Default 0.02. */
  readonly learningRate?: number | undefined;
  /** Decay of the gradient's running mean. Default 0.9. */
  readonly beta1?: number;
  /** Decay of the running mean of the gradient's square. Default 0.99. */
  readonly beta2?: number;
}

const epsilon = 1e-8;

/**
 * Adam (Kingma and Ba 2015) with one evaluation a step. Its loss may rise on the way; {@link Adam.best} is the lowest
 * point that was evaluated. A loss that is not finite sends it back there, with moments cleared and half the learning
 * rate.
 */
export class Adam<E extends Evaluation = Evaluation> implements Optimizer<E> {
  readonly #objective: Objective<E>;
  readonly #beta1: number;
  readonly #beta2: number;
  readonly #point: Float32Array;
  readonly #bestPoint: Float32Array;
  readonly #mean: Float32Array;
  readonly #square: Float32Array;
  #learningRate: number;
  #bestEvaluation: E | undefined;
  #steps = 0;

  /** @param start - the point to begin at, which is copied. @throws RangeError for impossible options. */
  constructor(
    objective: Objective<E>,
    start: Float32Array,
    { learningRate = 0.02, beta1 = 0.9, beta2 = 0.99 }: AdamOptions = {},
  ) {
    if (!(learningRate > 0 && Number.isFinite(learningRate))) {
      throw new RangeError(`Expected \`learningRate\` to be a number above 0, got ${learningRate}`);
    }
    for (const [name, decay] of Object.entries({ beta1, beta2 })) {
      if (!(decay >= 0 && decay < 1)) {
        throw new RangeError(`Expected \`${name}\` to be a number from 0 up and below 1, got ${decay}`);
      }
    }
    this.#objective = objective;
    this.#learningRate = learningRate;
    this.#beta1 = beta1;
    this.#beta2 = beta2;
    this.#point = start.slice();
    this.#bestPoint = start.slice();
    this.#mean = new Float32Array(start.length);
    this.#square = new Float32Array(start.length);
  }

  get best() {
    return { point: this.#bestPoint, evaluation: this.#bestEvaluation };
  }

  async step(): Promise<Step<E>> {
    const evaluation = await this.#objective(this.#point);
    if (!(Number.isFinite(evaluation.loss) && evaluation.gradient.every(Number.isFinite))) {
      if (!this.#bestEvaluation) throw notFinite(evaluation.loss);
      this.#point.set(this.#bestPoint);
      this.#mean.fill(0);
      this.#square.fill(0);
      this.#steps = 0;
      this.#learningRate /= 2;
      return { evaluation: this.#bestEvaluation, evaluations: 1, outcome: 'recovered' };
    }
    if (!this.#bestEvaluation || evaluation.loss < this.#bestEvaluation.loss) {
      this.#bestPoint.set(this.#point);
      this.#bestEvaluation = evaluation;
    }
    this.#move(evaluation.gradient);
    return { evaluation, evaluations: 1, outcome: 'progress' };
  }

  #move(gradient: Float32Array): void {
    this.#steps++;
    const beta1 = this.#beta1;
    const beta2 = this.#beta2;
    const rate = this.#learningRate / (1 - beta1 ** this.#steps);
    const squareCorrection = 1 / (1 - beta2 ** this.#steps);
    const [point, mean, square] = [this.#point, this.#mean, this.#square];
    for (let i = 0; i < point.length; i++) {
      const g = gradient[i] as number;
      const m = beta1 * (mean[i] as number) + (1 - beta1) * g;
      const v = beta2 * (square[i] as number) + (1 - beta2) * g * g;
      mean[i] = m;
      square[i] = v;
      point[i] = (point[i] as number) - (rate * m) / (Math.sqrt(v * squareCorrection) + epsilon);
    }
  }
}
