/**
 * ONNX Runtime's official builds report how they are used to their maker, unless this says no before they are loaded. What
 * people paint here is nobody's business; and a bot should talk to nobody but Discord.
 */
process.env.ORT_DISABLE_TELEMETRY = '1';
