import { describe, expect, it } from 'vitest';
import { convolutionsOf, layerNames, topologyOf } from '../../src/engine/topology.js';
import { defaultLayers, textureLayers } from '../../src/transfer/transfer-layers.js';

function network(name: string) {
  return { name, layers: layerNames(convolutionsOf(topologyOf(name))) };
}

/** Returns VGG19 as a file has it that stops early. */
function vgg19UpTo(last: string) {
  const { name, layers } = network('vgg19');
  return { name, layers: layers.slice(0, layers.indexOf(last) + 1) };
}

const deepest = ['relu1_1', 'relu2_1', 'relu3_1', 'relu4_1', 'relu5_1'];

describe('the default layers', () => {
  it.each([
    ['vgg19', deepest],
    ['vgg16', deepest],
    // VGG19-lite's relu5_1 bends faces.
    ['vgg19-lite', deepest.slice(0, -1)],
  ])("are Gatys's for the style in %s, as far as it sees well, and two deep ones for the content", (name, layers) => {
    const { content, style } = defaultLayers(network(name));
    expect(Object.keys(style)).toEqual(layers);
    expect(Object.keys(content)).toEqual(['relu3_1', 'relu4_1']);
  });

  it.each([
    ['relu3_4', ['relu3_2'], ['relu1_1', 'relu2_1', 'relu3_1']],
    ['relu3_1', ['relu2_2'], ['relu1_1', 'relu2_1', 'relu3_1']],
    ['relu2_1', ['relu1_2'], ['relu1_1', 'relu2_1']],
    ['relu1_1', ['relu1_1'], ['relu1_1']],
  ])('of a network that ends with %s are as deep as it goes', (last, content, style) => {
    const layers = defaultLayers(vgg19UpTo(last));
    expect(Object.keys(layers.content)).toEqual(content);
    expect(Object.keys(layers.style)).toEqual(style);
  });

  it('hold a blend of styles to finer shapes, where the network sees them', () => {
    expect(Object.keys(defaultLayers(network('vgg19'), 2).content)).toEqual(['relu2_1', 'relu3_1', 'relu4_1']);
    expect(defaultLayers(vgg19UpTo('relu3_4'), 2)).toEqual(defaultLayers(vgg19UpTo('relu3_4')));
  });

  it.each(['vgg19', 'vgg19-lite'])('weigh the finest strokes most with %s', (name) => {
    const weights = Object.values(defaultLayers(network(name)).style);
    expect(weights).toEqual(weights.toSorted((a, b) => b - a));
    expect(weights.every((weight) => weight > 0)).toBe(true);
  });

  it('of textures go as deep as any network', () => {
    expect(Object.keys(textureLayers(network('vgg19-lite').layers))).toEqual(deepest);
    expect(Object.keys(textureLayers(vgg19UpTo('relu3_4').layers))).toEqual(deepest.slice(0, 3));
  });
});
