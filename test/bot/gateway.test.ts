import { afterAll, afterEach, beforeAll, describe, it } from 'vitest';
import { long, painted, running, Stage } from './stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.set();
});
afterEach(() => stage.discord.assertCorrect());
afterAll(() => stage.strike());

describe('a gateway that', () => {
  it.each([
    ['drops the connection', () => stage.discord.gateway.drop()],
    ['asks to reconnect', () => stage.discord.gateway.reconnect()],
    [
      'forgets the session',
      () => {
        stage.discord.gateway.forgetSession();
        stage.discord.gateway.drop();
      },
    ],
  ])('%s is found again', async (_what, misbehave) => {
    const order = await running(await stage.order(stage.alice, long));
    misbehave();
    await stage.discord.until(() => stage.discord.gateway.isConnected);
    await painted(order);
    await painted(await stage.order(stage.bob));
  });
});
