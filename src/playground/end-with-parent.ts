/**
 * Loaded into the bot's process by `node --import`, before the bot: ends it when the playground is gone, however that
 * ended. The channel to the playground is good for nothing else, and keeps no process alive.
 */
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
process.channel?.unref();
