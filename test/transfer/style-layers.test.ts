import { describe, expect, it } from 'vitest';
import { styleLayersFor } from '../../src/transfer/style-layers.js';

const layers = { relu1_1: 1, relu3_1: 0.6, relu5_1: 0.2 };

function area(side: number, styled: number) {
  return { width: side, height: side, data: new Float32Array(side * side).map((_, i) => (i < styled ? 1 : 0)) };
}

describe('style layers', () => {
  it('count as they are asked to everywhere, and where nearly all of a picture is styled nearly so', () => {
    expect(styleLayersFor(layers, { statistic: 'gram', area: undefined })).toEqual(layers);
    const { relu5_1 = 0 } = styleLayersFor(layers, { statistic: 'gram', area: area(160, 0.98 * 160 * 160) });
    expect(relu5_1).toBeCloseTo(0.98 * 0.2, 5);
  });

  it('count less where they see few positions, the deepest least', () => {
    const { relu1_1, relu3_1, relu5_1 } = styleLayersFor(layers, { statistic: 'gram', area: area(320, 96 * 96) });
    expect([relu1_1, relu3_1]).toEqual([1, 0.6]);
    // The deepest layer sees 6 · 6 positions of the 192 that are enough for its full weight.
    expect(relu5_1).toBeCloseTo((0.2 * 36) / 192, 6);
  });
});
