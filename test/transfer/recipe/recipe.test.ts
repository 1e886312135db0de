import { describe, expect, it } from 'vitest';
import { isCoded } from '../../../src/coded-error.js';
import {
  formatRecipe,
  type LabRecipe,
  mergeRecipes,
  parseRecipe,
  parseRecipeValue,
  recipeKeys,
} from '../../../src/transfer/recipe/recipe.js';

const complete: LabRecipe = {
  network: 'vgg19-lite',
  pooling: 'max',
  size: 512,
  scaleEpochs: [60, 0, 25, 15],
  weights: { content: 0.5, style: 10, pixels: 0.25, tv: 0 },
  layers: { content: { relu3_2: 0.25, relu4_1: 1 }, style: { relu1_1: 1, conv2_1: 0.8, relu5_1: 1e-7 } },
  styleScale: 1.5,
  keepColors: 'luminance',
  statistic: 'moments',
  protect: 0.5,
  regions: [
    { left: 25, top: 10, width: 50, height: 40 },
    { left: 0, top: 62.5, width: 20, height: 0.5 },
  ],
  feather: 12.5,
  start: 'noise',
  seed: 7,
  optimizer: 'adam',
  learningRate: 0.002,
  history: 20,
  pictures: {
    content: { digest: '0f1e2d3c4b5a6978' },
    styles: [{ preset: 'white-walker' }, { digest: '00000000deadbeef' }],
    mix: [2, 0.5],
    mask: { digest: '1111111111111111' },
    colors: ['#ff0000', 'rest'],
  },
};

function region(left: number, top: number, width: number, height: number) {
  return { left, top, width, height };
}

describe('a recipe', () => {
  it('is a line that says all of it, in words that the command line has, too', () => {
    expect(formatRecipe(complete)).toBe(
      'network=vgg19-lite pooling=max size=512 epochs=60,0,25,15 content-weight=.5 style-weight=10 pixel-weight=.25 tv-weight=0 ' +
        'content-layers=relu3_2:.25,relu4_1:1 style-layers=relu1_1:1,conv2_1:.8,relu5_1:1e-7 style-scale=1.5 ' +
        'keep-colors=luminance statistic=moments protect=.5 regions=25,10,50,40;0,62.5,20,.5 feather=12.5 init=noise seed=7 optimizer=adam learning-rate=.002 history=20 ' +
        'content=sha256:0f1e2d3c4b5a6978 styles=white-walker,sha256:00000000deadbeef mix=2:.5 mask=sha256:1111111111111111 ' +
        'style-colors=#ff0000,rest',
    );
    for (const key of recipeKeys) expect(` ${formatRecipe(complete)}`).toContain(` ${key}=`);
  });

  it.each<[string, LabRecipe]>([
    ['everything', complete],
    ['nothing', {}],
    ['epochs in all', { epochs: 100 }],
    ['epochs of a single scale', { scaleEpochs: [100] }],
    ['a single weight', { weights: { tv: 0.02 } }],
    ['layers of the style alone', { layers: { style: { relu1_1: 3 } } }],
  ])('says the same when it is read back: %s', (_what, recipe) => {
    expect(parseRecipe(formatRecipe(recipe))).toEqual(recipe);
  });

  it('leaves out what is undefined', () => {
    expect(formatRecipe({ size: undefined, seed: 1, weights: {}, layers: {} })).toBe('seed=1');
  });

  it.each<[string, LabRecipe]>([
    ['`size=256 seed=3`', { size: 256, seed: 3 }],
    ['Recipe: size=256\nseed=3', { size: 256, seed: 3 }],
    ['```\nrecipe:\n  Size = 256\r\n  seed =3\n```', { size: 256, seed: 3 }],
    ['epochs=60, 25, 15 size=256', { scaleEpochs: [60, 25, 15], size: 256 }],
    ['epochs=100, size=256', { scaleEpochs: [100], size: 256 }],
    [
      'style-layers=relu1_1, relu2_1 : .5 init=style',
      { layers: { style: { relu1_1: 1, relu2_1: 0.5 } }, start: 'style' },
    ],
    ['regions=1, 2,3 ,4 ; 5,6,7,8', { regions: [region(1, 2, 3, 4), region(5, 6, 7, 8)] }],
    [
      `Styles = Wildfire , SHA256: ${'0f1e2d3c4b5a6978'.repeat(4)} mix=2 / 1,5`,
      { pictures: { styles: [{ preset: 'wildfire' }, { digest: '0f1e2d3c4b5a6978' }], mix: [2, 1.5] } },
    ],
    ['style-colors=#F00, #00ff00 , REST', { pictures: { colors: ['#ff0000', '#00ff00', 'rest'] } }],
    ['', {}],
    [' `recipe:` ', {}],
  ])('is understood as people write it: %j', (text, recipe) => {
    expect(parseRecipe(text)).toEqual(recipe);
  });

  it.each<[string, string, RegExp]>([
    ['size', 'not-a-pair', /^"size" says nothing\. Write key=value, such as size=512\.$/],
    ['size=', 'not-a-pair', /^"size=" says nothing/],
    ['size=256=512', 'not-a-pair', /^"size=256=512" says nothing/],
    ['sizes=256', 'unknown-key', /^There is no "sizes" in recipes\. Choose from network, .*, size, epochs, /],
    ['__proto__=1', 'unknown-key', /^There is no "__proto__" in recipes/],
    ['signal=1', 'unknown-key', /^There is no "signal"/],
    ['seed=1 size=64 seed=2', 'repeated-key', /^"seed" is there twice\.$/],
    ['size=31', 'no-number', /^size=31: It must be a whole number from 32 to 4096\.$/],
    ['size=4097', 'no-number', /whole number from 32 to 4096/],
    ['size=64.5', 'no-number', /whole number from 32 to 4096/],
    ['size=big', 'no-number', /^size=big: It must be a whole number/],
    ['style-weight=-1', 'no-number', /a number from 0 to 1000000/],
    ['tv-weight=nan', 'no-number', /a number from 0 to 1000000/],
    ['learning-rate=0', 'no-number', /a number from 0\.0001 to 100/],
    ['history=51', 'no-number', /a whole number from 1 to 50/],
    ['style-scale=5', 'no-number', /a number from 0\.25 to 4/],
    ['seed=2147483648', 'no-number', /a whole number from 0 to 2147483647/],
    ['epochs=0', 'no-epochs', /^epochs=0: It must be a whole number from 1 to 10000, or .* such as 60,25,15/],
    ['epochs=0,0', 'no-epochs', /at least one/],
    ['epochs=,5', 'no-epochs', /60,25,15/],
    ['epochs=5,,5', 'no-epochs', /60,25,15/],
    ['epochs=9000,2000', 'no-epochs', /at most 10000 in all/],
    ['epochs=1,1,1,1,1,1,1,1,1', 'no-epochs', /at most 8 scales/],
    ['epochs=1.5', 'no-epochs', /whole number/],
    ['init=white', 'no-choice', /^init=white: It must be one of recolored, content, noise, style\.$/],
    ['optimizer=sgd', 'no-choice', /one of lbfgs, adam/],
    ['network=resnet', 'no-choice', /one of vgg19, vgg16, vgg19-lite/],
    ['pooling=median', 'no-choice', /one of max, average/],
    ['keep-colors=true', 'no-choice', /one of luminance, match/],
    ['style-layers=nonsense', 'no-layers', /^style-layers=nonsense: .*no layer "nonsense"/],
    ['style-layers=relu1_1:0', 'no-layers', /weight of relu1_1 must be above 0/],
    ['content-layers=relu1_1,relu1_1', 'no-layers', /relu1_1 is there twice/],
    ['content-layers=relu1_1:1:1', 'no-layers', /"relu1_1:1:1" has two colons/],
    ['statistic=mean', 'no-choice', /one of gram, moments/],
    ['protect=1.5', 'no-number', /a number from 0 to 1\./],
    ['regions=1,2,3', 'no-regions', /^regions=1,2,3: "1,2,3" is no region\..*25,10,50,40/],
    ['regions=1,2,3,4;100,0,5,5', 'no-regions', /100,0,5,5 holds nothing of the picture/],
    ['content=photo.jpg', 'no-picture', /^content=photo\.jpg: It must be sha256: and the first 16 digits/],
    ['mask=sha256:12', 'no-picture', /first 16 digits/],
    ['styles=white-walker,sha256:xyz', 'no-picture', /first 16 digits/],
    ['styles=a,b,c,d,e,f,g,h,i', 'too-many-styles', /at most 8 styles/],
    ['styles=white-walker,', 'no-picture', /the name of a preset, or sha256:/],
    ['style-colors=red', 'no-colors', /a colour of the mask for each style/],
    ['style-colors=#1,#2,#3,#4,#5,#6,#7,#8,#9', 'no-colors', /#ff0000,#00ff00,rest/],
    ['mix=2', 'no-mix', /a number from 0 to 1000000 for each style/],
    ['mix=0:0', 'no-mix', /one above 0: 2:1/],
    ['mix=2:x', 'no-mix', /with colons between/],
    ['content-layers=relu1_1:-1', 'no-layers', /A weight must be a number from 0 to 1000000/],
  ])('is refused: %s', (text, code, message) => {
    const refused = expect(() => parseRecipe(text));
    refused.toThrow(expect.objectContaining({ domain: 'recipe', code }));
    refused.toThrow(message);
  });

  it('names key, value and what is possible for texts in other languages', () => {
    const context = (read: () => unknown) => {
      try {
        read();
      } catch (error) {
        if (isCoded(error, 'recipe')) return error.context;
        throw error;
      }
      throw new Error('It was not refused');
    };
    expect(context(() => parseRecipe('size=9'))).toEqual({ key: 'size', value: '9', min: 32, max: 4096 });
    expect(context(() => parseRecipeValue('pooling', 'x'))).toEqual({
      key: 'pooling',
      value: 'x',
      choices: 'max, average',
    });
  });
});

describe('merged recipes', () => {
  it('say what the second says, and the rest as the first does', () => {
    const second: LabRecipe = { size: 64, seed: undefined, weights: { style: 3 }, layers: { content: { relu1_2: 1 } } };
    expect(mergeRecipes(complete, second)).toEqual({
      ...complete,
      size: 64,
      weights: { content: 0.5, style: 3, pixels: 0.25, tv: 0 },
      layers: { ...complete.layers, content: { relu1_2: 1 } },
    });
    expect(mergeRecipes({}, {})).toEqual({});
  });

  it('have epochs of one of them only', () => {
    expect(mergeRecipes({ epochs: 5 }, { scaleEpochs: [1, 2] })).toEqual({ scaleEpochs: [1, 2] });
    expect(mergeRecipes({ scaleEpochs: [1, 2] }, { epochs: 5 })).toEqual({ epochs: 5 });
    expect(mergeRecipes({ scaleEpochs: [1, 2] }, { seed: 5 })).toEqual({ scaleEpochs: [1, 2], seed: 5 });
  });
});
