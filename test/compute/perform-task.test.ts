import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CodedError } from '../../src/coded-error.js';
import type { ComputeRequest } from '../../src/compute/compute.js';
import { performTask } from '../../src/compute/perform-task.js';
import { ProgressReports } from '../../src/compute/progress-reports.js';
import type { Engine } from '../../src/engine/engine.js';
import { openEngine } from '../../src/engine/open-engine.js';
import { decodeLayer, decodePicture } from '../../src/imaging/decode.js';
import { encodePicture } from '../../src/imaging/encode.js';
import { imageError } from '../../src/imaging/image-error.js';
import type { RgbImage } from '../../src/imaging/rgb-image.js';
import { failureOf } from '../../src/jobs/failure.js';
import { bestColorKeeping, type ColorKeeping } from '../../src/transfer/colors/content-colors.js';
import type { JobProgress } from '../../src/works/progress.js';
import { draw } from '../imaging/test-pictures.js';
import { request } from './requests.js';
import { failing, withMemoryFor } from './scarce-memory.js';

describe('a task', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await openEngine({ threads: 1 });
  });
  afterAll(() => engine.dispose());

  const perform = (asked: ComputeRequest) => performTask(asked, { engineFor: async () => engine });
  const errorOf = (asked: ComputeRequest) =>
    perform(asked).then(
      () => expect.fail('there is a result'),
      (error: unknown) => error,
    );

  it.each(['content', 'style'] as const)('names the picture that is bad: %s', async (input) => {
    const tiny = await encodePicture(
      draw(8, 8, () => [0, 0, 0]),
      'png',
    );
    const error = await errorOf(await request({ inputs: { [input]: tiny } }));
    expect(error).toBeInstanceOf(CodedError);
    expect(error).toMatchObject({
      key: 'image/too-small',
      message: expect.stringContaining('8×8'),
      context: { input, width: 8, height: 8 },
    });
  });

  it('is impossible with layers that the network lacks', async () => {
    const error = await errorOf(await request({ transfer: { layers: { content: { relu9_9: 1 } } } }));
    expect(error).toBeInstanceOf(CodedError);
    expect(error).toMatchObject({ key: 'engine/unknown-layer', context: { layer: 'relu9_9' } });
  });

  it("has the content's transparency in each of its files, also where they have to be small", async () => {
    const half = Float32Array.from({ length: 96 * 64 }, (_, i) => (i % 96 < 48 ? 0 : 1));
    const drawn = draw(96, 64, (x, y) => (x < 48 ? [1, 1, 1] : [x / 95, y / 63, 0.5]));
    const content = await encodePicture(drawn, 'png', { opacity: { width: 96, height: 64, data: half } });
    for (const maxFileBytes of [1_000_000, 4000]) {
      const result = await perform(await request({ inputs: { content }, maxFileBytes }));
      expect(result.picture.format).toBe(maxFileBytes > 4000 ? 'png' : 'webp');
      for (const { bytes, width, height } of [result.picture, result.animation ?? expect.fail('no animation')]) {
        const { opacity } = await decodeLayer(bytes);
        const row = Math.floor(height / 2) * width;
        expect(opacity?.data[row + Math.floor(width / 4)]).toBeLessThan(0.05);
        expect(opacity?.data[row + Math.floor((3 * width) / 4)]).toBeGreaterThan(0.95);
      }
    }
  });

  it('keeps every file within what is allowed, the animation giving way first', async () => {
    const roomy = await perform(await request({ transfer: { size: 120 } }));
    expect(roomy.picture.format).toBe('png');
    expect(roomy.animation).toMatchObject({ width: 120, height: 80 });

    const narrow = await perform(await request({ transfer: { size: 120 }, maxFileBytes: 10_000 }));
    expect(narrow.picture.bytes.length).toBeLessThanOrEqual(10_000);
    expect(await decodePicture(narrow.picture.bytes)).toMatchObject({ sourceWidth: 120, sourceHeight: 80 });
    expect(narrow.animation?.bytes.length ?? 0).toBeLessThanOrEqual(10_000);

    const narrower = await perform(await request({ transfer: { size: 120 }, maxFileBytes: 1000 }));
    expect(narrower.picture.bytes.length).toBeLessThanOrEqual(1000);
    expect(narrower.animation?.bytes.length).toBeUndefined();

    const error = await errorOf(await request({ transfer: { size: 120 }, maxFileBytes: 20 }));
    expect(error).toBeInstanceOf(CodedError);
    expect(error).toMatchObject({ key: 'image/picture-over-budget', context: { maxBytes: 20 } });
  });

  it('is the picture as it is when its time is up, and never without an epoch', async () => {
    const asked = await request({ transfer: { size: 200, epochs: 12 } });
    const short = await perform({ ...asked, maxSeconds: 1e-9 });
    expect(short).toMatchObject({ outOfTime: 1e-9, epochs: 1, picture: { width: 200, height: 133 } });
    expect(await perform({ ...asked, maxSeconds: 1e9 })).toMatchObject({ outOfTime: undefined, epochs: 12 });
  });

  it('is not out of time when its time is up with the last epoch', async () => {
    const result = await perform({ ...(await request({ transfer: { epochs: 1 } })), maxSeconds: 1e-9 });
    expect(result).toMatchObject({ outOfTime: undefined, epochs: 1 });
  });

  it('is done at the next smaller size where there is not enough memory, which the result tells', async () => {
    const sizes: number[] = [];
    const onProgress = ({ at }: JobProgress) => void (at.kind === 'scale' && sizes.push(at.width));
    const asked = await request({ transfer: { size: 400, epochs: 2 } });
    const result = await performTask(asked, { engineFor: async () => withMemoryFor(engine, 400), onProgress });
    expect(result).toMatchObject({
      shrunk: { asked: 400, made: 272 },
      failure: undefined,
      picture: { width: 272 },
      animation: { width: 400 },
    });
    expect(Math.max(...sizes)).toBe(272);
    expect((await perform(await request())).shrunk).toBeUndefined();
  });

  it('fails where there is not enough memory for any size', async () => {
    const asked = await request({ transfer: { size: 400, epochs: 2 } });
    const error = await performTask(asked, { engineFor: async () => withMemoryFor(engine, 60) }).catch(
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(CodedError);
    expect(error).toMatchObject({ key: 'engine/out-of-memory' });
  });

  it('is the coarser picture where something else fails on the way, and says what', async () => {
    const asked = await request({ transfer: { size: 400, scaleEpochs: [2, 2] } });
    const broken = failing(engine, new TypeError('x is not a function'), ({ width }) => width >= 400);
    const result = await performTask(asked, { engineFor: async () => broken });
    expect(result).toMatchObject({
      shrunk: { asked: 400, made: 200 },
      failure: { message: 'x is not a function', stack: expect.stringContaining('TypeError') },
      picture: { width: 200 },
      epochs: 2,
    });
  });

  it('needs no memory for previews, and says that it lacks for files as it says so of painting', async () => {
    const heard: JobProgress[] = [];
    const reports = new ProgressReports((progress) => heard.push(progress));
    const at = { kind: 'scale', scale: 1, scales: 1, width: 64, height: 64 } as const;
    const progress = { epoch: 1, epochs: 2, loss: 1, secondsLeft: 1, at };
    const lacking = () => {
      throw new RangeError('Array buffer allocation failed');
    };
    await reports.offer(progress, lacking);
    expect(heard).toEqual([progress]);
    const broken = () => {
      throw new Error('a mistake');
    };
    await expect(reports.offer({ ...progress, at: { ...at, scale: 2 } }, broken)).rejects.toThrow('a mistake');
    const unwritten = imageError('no-memory-to-write', 'There is too little memory.');
    expect(failureOf(unwritten, 'a-job')).toMatchObject({ code: 'out-of-memory' });
  });

  it("has the content's colours in picture, animation and previews where they are to be kept", async () => {
    const content = draw(96, 64, (x, y) => [0.3 + 0.2 * Math.sin(x / 9), 0.5, 0.3 + 0.2 * Math.cos(y / 7)]);
    const style = draw(80, 70, (x, y) => [0.8, 0.2 + 0.3 * ((x + y) % 2), 0.2 * ((x >> 2) % 2)]);
    const inputs = { content: await encodePicture(content, 'png'), style: await encodePicture(style, 'png') };
    const colorErrors = async (keepColors: ColorKeeping | undefined) => {
      const previews: Uint8Array[] = [];
      const asked = await request({ transfer: { keepColors }, inputs });
      const { picture, animation } = await performTask(asked, {
        engineFor: async () => engine,
        onProgress: ({ preview }) => preview && previews.push(preview),
      });
      const files = [picture.bytes, animation?.bytes, previews[0]].map((bytes) => bytes ?? expect.fail('none'));
      return Promise.all(files.map(async (bytes) => chromaDifference((await decodePicture(bytes)).image, content)));
    };
    for (const error of await colorErrors(bestColorKeeping)) expect(error).toBeLessThan(0.02);
    for (const error of (await colorErrors(undefined)).slice(0, 1)) expect(error).toBeGreaterThan(0.1);
  });

  it('rejects with the reason that it was stopped for, at whatever it is', async () => {
    const reason = new Error('enough');
    const engineFor = async () => engine;
    await expect(performTask(await request(), { engineFor, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    for (const epoch of [1, 4]) {
      const controller = new AbortController();
      const onProgress = (progress: { epoch: number }) => progress.epoch === epoch && controller.abort(reason);
      const stopped = performTask(await request(), { engineFor, signal: controller.signal, onProgress });
      await expect(stopped).rejects.toBe(reason);
    }
  });
});

/** Returns how much red − green and blue − green differ between two pictures, on average. */
function chromaDifference(a: RgbImage, b: RgbImage): number {
  const area = a.width * a.height;
  let sum = 0;
  for (let i = 0; i < area; i++) {
    for (const plane of [0, 2 * area]) {
      const chroma = ({ data }: RgbImage) => (data[plane + i] ?? 0) - (data[area + i] ?? 0);
      sum += Math.abs(chroma(a) - chroma(b));
    }
  }
  return sum / (2 * area);
}
