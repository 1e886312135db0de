import { answerOfTensorFlow } from './gpu-probe.js';

/** This process tells its parent whether TensorFlow has a GPU, and ends. */
process.send?.(answerOfTensorFlow(), () => process.exit(0));
