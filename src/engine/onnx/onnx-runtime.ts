/** ONNX Runtime, loaded in the one way that keeps it quiet: nothing else here imports it. */
import './telemetry-off.js';

export { InferenceSession, listSupportedBackends, Tensor } from 'onnxruntime-node';
