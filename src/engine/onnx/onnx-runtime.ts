/** This is the only file that imports ONNX Runtime: its telemetry must be switched off before it is loaded. */
import './telemetry-off.js';

export { InferenceSession, listSupportedBackends, Tensor } from 'onnxruntime-node';
