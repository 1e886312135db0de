/**
 * This setting, which must be made before ONNX Runtime is loaded, keeps its official builds from reporting to their
 * maker how they are used. What people paint here is nobody's business; and a bot should talk to nobody but Discord.
 */
process.env.ORT_DISABLE_TELEMETRY = '1';
