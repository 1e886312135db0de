import { describe, expect, it } from 'vitest';
import { Database } from '../../src/database/database.js';
import { DurationEstimate, typicalSecondsOf } from '../../src/jobs/duration-estimate.js';
import { Measurements } from '../../src/jobs/measurements.js';
import { secondsPerPixelEpoch } from '../../src/works/cost.js';
import type { StyleTransferTask } from '../../src/works/style-transfer.js';
import { costOf } from '../../src/works/works.js';
import { relativeError } from '../numbers.js';
import { transferTask } from './some-jobs.js';

const typical = transferTask(512, 100);
const pixels = { kind: 'spot-difference', size: 512, epochs: 60 } as const;

describe('the estimate of durations', () => {
  it('begins with 10 s for 512 pixels and 100 epochs, or by how fast the engine was when it was opened', () => {
    const estimate = new DurationEstimate();
    expect(estimate.secondsOf(typical)).toBeCloseTo(10, 9);
    const { pixelEpochs } = costOf(typical);
    estimate.engineOpened('vgg19-lite', 26 / pixelEpochs / secondsPerPixelEpoch(1));
    expect(estimate.secondsOf(typical)).toBeCloseTo(2 + 26, 9);
    // Another engine that was opened while the machine was busy changes nothing.
    estimate.engineOpened('vgg19-lite', 260 / pixelEpochs / secondsPerPixelEpoch(1));
    expect(estimate.secondsOf(typical)).toBeCloseTo(2 + 26, 9);
    // A machine that is twice as slow with one network is taken to be so with others, and not with pixels.
    expect(estimate.secondsOf({ ...typical, network: 'vgg19' })).toBeCloseTo(2 + 11.72 * 26, 0);
    expect(estimate.secondsOf(pixels)).toBe(new DurationEstimate().secondsOf(pixels));
    estimate.record(typical, 20);
    expect(estimate.secondsOf(typical)).toBeCloseTo(20, 9);
  });

  it('promises no hours for a picture after thumbnails that were slow because of what is around the work', () => {
    const estimate = new DurationEstimate();
    for (let time = 0; time < 9; time++) estimate.record(transferTask(64, 3), 4);
    expect(estimate.secondsOf(typical)).toBeCloseTo(10, 9);
    expect(estimate.secondsOf(transferTask(1024, 300))).toBeLessThan(300);
  });

  it('counts each scale by its pixels, margins included: seven scales cost little more than three', () => {
    const seconds = (transfer: Partial<StyleTransferTask['transfer']>) =>
      new DurationEstimate().secondsOf({ kind: 'style-transfer', transfer: { size: 512, epochs: 100, ...transfer } });
    const three = seconds({ scaleEpochs: [0, 0, 0, 0, 50, 30, 20] });
    const seven = seconds({ scaleEpochs: [20, 20, 20, 20, 50, 30, 20] });
    expect(seven).toBeGreaterThan(three);
    expect(seven).toBeLessThan(1.15 * three);
  });

  it('grows with epochs and with pixels, but for what is around the work', () => {
    const estimate = new DurationEstimate();
    // Each scale's part of the epochs is rounded, so the estimate is not exact.
    expect(relativeError(estimate.secondsOf(transferTask(512, 1000)), 2 + 80)).toBeLessThan(0.02);
    const large = estimate.secondsOf(transferTask(1024, 100));
    expect(large).toBeGreaterThan(1.8 * 10);
    expect(large).toBeLessThan(4 * 10);
    expect(estimate.secondsOf(transferTask(64, 1))).toBeCloseTo(2, 1);
  });

  it('follows what was measured, of any size', () => {
    const estimate = new DurationEstimate();
    estimate.record(typical, 28);
    expect(estimate.secondsOf(typical)).toBeCloseTo(28, 9);
    expect(relativeError(estimate.secondsOf(transferTask(512, 200)), 54)).toBeLessThan(0.02);
    for (let time = 0; time < 4; time++) estimate.record(transferTask(512, 200), 12);
    expect(estimate.secondsOf(typical)).toBeCloseTo(7, 0);
  });

  it.each([0.02, 100])('is not misled by one that took %d times as long', (factor) => {
    const estimate = new DurationEstimate();
    for (let time = 0; time < 3; time++) estimate.record(typical, 20);
    estimate.record(typical, 20 * factor);
    estimate.record(typical, 20);
    expect(estimate.secondsOf(typical)).toBeCloseTo(20, 9);
  });

  it('takes the second of two for it, since the first of a process is slow', () => {
    const estimate = new DurationEstimate();
    estimate.record(typical, 40);
    estimate.record(typical, 20);
    expect(estimate.secondsOf(typical)).toBeCloseTo(20, 9);
  });

  it('believes one proper picture rather than three thumbnails', () => {
    const estimate = new DurationEstimate();
    estimate.record(typical, 20);
    for (let time = 0; time < 3; time++) estimate.record(transferTask(128, 10), 6);
    expect(estimate.secondsOf(typical)).toBeCloseTo(20, 9);
  });

  it('goes on after a restart with the newest measurements', () => {
    const database = Database.open(':memory:');
    const kept = new Measurements(database);
    const before = new DurationEstimate(kept.all(), (measurement) => kept.add(measurement));
    for (let time = 0; time < 50; time++) before.record(typical, 300);
    for (let time = 0; time < 4; time++) before.record(typical, 30);
    for (let time = 0; time < 3; time++) before.record(typical, 20);
    expect(new Measurements(database).all()).toHaveLength(50);
    const estimate = new DurationEstimate(new Measurements(database).all());
    database.run("INSERT INTO measurements (labour, pixel_epochs, seconds) VALUES ('vgg99', 1, 1), ('pixels', -1, 1)");
    expect(kept.all()).toHaveLength(50);
    database.close();
    expect(estimate.secondsOf(typical)).toBeCloseTo(30, 9);
    // A new measurement replaces the oldest one.
    estimate.record(typical, 20);
    expect(estimate.secondsOf(typical)).toBeCloseTo(20, 9);
  });

  it('passes over what cannot be', () => {
    const estimate = new DurationEstimate();
    for (const seconds of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) estimate.record(typical, seconds);
    expect(estimate.secondsOf(typical)).toBeCloseTo(10, 9);
  });

  it('guesses by its multiplications how long another network takes, and measures it apart', () => {
    const full = { ...typical, network: 'vgg19' as const };
    const estimate = new DurationEstimate();
    expect(estimate.secondsOf(full)).toBeCloseTo(2 + 11.72 * 8, 0);
    expect(typicalSecondsOf(full)).toBeCloseTo(2 + 11.72 * 8, 0);
    // A machine that is twice as slow with one network is taken to be so with the other.
    estimate.record(typical, 28);
    expect(estimate.secondsOf(full)).toBeCloseTo(2 + 11.72 * 26, 0);
    // A measurement of the other network goes before that guess.
    estimate.record(full, 120);
    expect(estimate.secondsOf(full)).toBeCloseTo(120, 9);
    for (let time = 0; time < 9; time++) estimate.record(typical, 10);
    expect(estimate.secondsOf(full)).toBeCloseTo(120, 9);
    expect(estimate.secondsOf(typical)).toBeCloseTo(10, 9);
  });

  it('knows the work of each kind of task', () => {
    const layersOf = (...layers: readonly string[]) =>
      typicalSecondsOf({ kind: 'layers', layers, size: 256, epochs: 50 });
    const work = (seconds: number) => seconds - typicalSecondsOf({ kind: 'layers', layers: [], size: 256, epochs: 50 });
    expect(work(layersOf('relu2_1', 'relu4_1'))).toBeCloseTo(work(layersOf('relu2_1')) + work(layersOf('relu4_1')), 9);
    // Layers behind the one that is looked at are not computed.
    expect(work(layersOf('relu1_1'))).toBeLessThan(work(layersOf('relu5_1')) / 5);
    // Textures are looked at one block deeper than transfers, but for those that name such a layer.
    const texture = { kind: 'texture', size: 512, epochs: 100, tile: false } as const;
    expect(work(typicalSecondsOf(texture))).toBeCloseTo(1.486 * work(typicalSecondsOf(typical)), 2);
    const { transfer } = typical;
    const deep = { ...typical, transfer: { ...transfer, layers: { style: { relu5_1: 1 } } } };
    expect(typicalSecondsOf(deep)).toBeCloseTo(typicalSecondsOf(texture), 9);
    expect(typicalSecondsOf(pixels)).toBeLessThan(8);
  });

  it('learns nothing about networks from what needs none, nor the other way round', () => {
    const estimate = new DurationEstimate();
    const guessed = estimate.secondsOf(pixels);
    estimate.record(typical, 150);
    expect(estimate.secondsOf(pixels)).toBe(guessed);
    for (let time = 0; time < 9; time++) estimate.record(pixels, 40);
    expect(estimate.secondsOf(pixels)).toBeCloseTo(40, 9);
    expect(estimate.secondsOf(typical)).toBeCloseTo(150, 9);
    expect(estimate.secondsOf({ ...typical, network: 'vgg19' })).toBeCloseTo(2 + 11.72 * 148, -1);
  });

  it('has costs that measurements do not change', () => {
    expect(typicalSecondsOf(typical)).toBeCloseTo(10, 9);
    new DurationEstimate().record(typical, 300);
    expect(typicalSecondsOf(typical)).toBeCloseTo(10, 9);
  });
});
