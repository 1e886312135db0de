import { describe, expect, it } from 'vitest';
import { convolutionsOf, layerNames, topologyOf } from '../../src/engine/topology.js';
import { defaultLayers } from '../../src/transfer/transfer-layers.js';

function layersUpTo(last: string): readonly string[] {
  const layers = layerNames(convolutionsOf(topologyOf('vgg19')));
  return layers.slice(0, layers.indexOf(last) + 1);
}

describe('the default layers', () => {
  it.each(['vgg19', 'vgg16', 'vgg19-lite'])(
    "are Gatys's for the style in %s, and two deep ones for the content",
    (name) => {
      const { content, style } = defaultLayers(layerNames(convolutionsOf(topologyOf(name))));
      expect(Object.keys(style)).toEqual(['relu1_1', 'relu2_1', 'relu3_1', 'relu4_1', 'relu5_1']);
      expect(Object.keys(content)).toEqual(['relu3_1', 'relu4_1']);
    },
  );

  it.each([
    ['relu3_4', ['relu3_2'], ['relu1_1', 'relu2_1', 'relu3_1']],
    ['relu3_1', ['relu2_2'], ['relu1_1', 'relu2_1', 'relu3_1']],
    ['relu2_1', ['relu1_2'], ['relu1_1', 'relu2_1']],
    ['relu1_1', ['relu1_1'], ['relu1_1']],
  ])('of a network that ends with %s are as deep as it goes', (last, content, style) => {
    const layers = defaultLayers(layersUpTo(last));
    expect(Object.keys(layers.content)).toEqual(content);
    expect(Object.keys(layers.style)).toEqual(style);
  });

  it('hold a blend of styles to finer shapes, where the network sees them', () => {
    expect(Object.keys(defaultLayers(layersUpTo('relu5_4'), 2).content)).toEqual(['relu2_1', 'relu3_1', 'relu4_1']);
    expect(defaultLayers(layersUpTo('relu3_4'), 2)).toEqual(defaultLayers(layersUpTo('relu3_4')));
  });

  it('weigh the finest strokes most', () => {
    const weights = Object.values(defaultLayers(layersUpTo('relu5_4')).style);
    expect(weights).toEqual(weights.toSorted((a, b) => b - a));
    expect(weights.every((weight) => weight > 0)).toBe(true);
  });
});
