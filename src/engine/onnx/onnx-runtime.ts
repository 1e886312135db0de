/** This is the only file that imports ONNX Runtime: its telemetry must be switched off before it is loaded. */
import './telemetry-off.js';
import { env } from 'onnxruntime-node';

// What it throws we tell in our own words; nobody needs to read it on the terminal, too.
env.logLevel = 'fatal';

export { env, InferenceSession, listSupportedBackends, Tensor } from 'onnxruntime-node';
