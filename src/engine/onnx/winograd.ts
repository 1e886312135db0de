import type { GraphBuilder, Value } from './graph-builder.js';
import type { GraphConvolution } from './graph-convolution.js';

/**
 * Winograd's minimal filtering F(4×4, 3×3) (Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks", CVPR
 * 2016) as a graph: each 4×4 tile of the output takes 36 instead of 144 multiplications a pair of channels. In the
 * paper's terms,
 *
 *     Y = Aᵀ [ (G g Gᵀ) ⊙ (Bᵀ d B) ] A
 *
 * for a kernel g, a 6×6 input tile d and a 4×4 output tile Y. The sum over input channels makes ⊙ 36 matrix products,
 * which is where the time goes; the transforms around them are a convolution and a matrix product with constants.
 */
const outputTile = 4;
const inputTile = 6;
const positions = inputTile * inputTile;

/**
 * Points at which the algorithm's polynomials are evaluated, besides infinity; all are exact in binary. The usual 0,
 * ±1, ±2 give small whole numbers in the transforms but three times the rounding errors of these, which are spread
 * around 1 (Barabasz et al., "Error Analysis and Improving the Accuracy of Winograd Convolution for Deep Neural
 * Networks", 2020).
 */
const points = [0, 3 / 4, -3 / 4, 3 / 2, -3 / 2];

/** Input transform Bᵀ, 6×6: row i has the coefficients of Π_{j≠i} (x − pⱼ), the last, for infinity, of Π (x − pⱼ). */
const inputTransform = [...points.map((_, i) => productOf(points.filter((_, j) => j !== i))), productOf(points)].map(
  (coefficients) => Array.from({ length: inputTile }, (_, power) => coefficients[power] ?? 0),
);

type KernelRow = readonly [number, number, number];

/** The kernel transform G, 6×3: row i has the powers of pᵢ, divided by Π_{j≠i} (pᵢ − pⱼ). */
const kernelTransform: readonly KernelRow[] = [
  ...points.map((point, i): KernelRow => {
    const divisor = points.reduce((product, other, j) => (j === i ? product : product * (point - other)), 1);
    return [1 / divisor, point / divisor, point ** 2 / divisor];
  }),
  [0, 0, 1],
];

/** The output transform Aᵀ, 4×6: column i has the powers of pᵢ. */
const outputTransform = Array.from({ length: outputTile }, (_, power) => [
  ...points.map((point) => point ** power),
  power === outputTile - 1 ? 1 : 0,
]);

/** Returns the coefficients of the polynomial Π (x − root), lowest power first. */
function productOf(roots: readonly number[]): readonly number[] {
  let coefficients = [1];
  for (const root of roots) {
    coefficients = [0, ...coefficients].map((shifted, power) => shifted - root * (coefficients[power] ?? 0));
  }
  return coefficients;
}

/**
 * Adds a 3×3 convolution (stride 1, zero padding 1) of an NCHW value with N = 1 and any size, by Winograd's algorithm.
 */
export function addWinogradConvolution(
  graph: GraphBuilder,
  input: Value,
  { name, inputChannels, outputChannels, kernel, bias, wholeTiles = false }: GraphConvolution,
): Value {
  // One convolution with stride 4 computes Bᵀ d B for every tile: its 36 outputs are the transformed tile's positions.
  // Channels stand in the batch axis, so that one kernel serves all. Padding 4 at the end fills the last tile of ⌈h/4⌉.
  const images = graph.node('Reshape', [
    input,
    graph.node(
      'Concat',
      [graph.integers(inputChannels, 1), graph.node('Shape', [input], { attributes: { start: 2 } })],
      { attributes: { axis: 0 } },
    ),
  ]);
  const tiles = graph.node(
    'Conv',
    [
      images,
      graph.constant('winograd input transform', [positions, 1, inputTile, inputTile], () =>
        outerSquare(inputTransform),
      ),
    ],
    {
      attributes: {
        kernel_shape: [inputTile, inputTile],
        strides: [outputTile, outputTile],
        pads: [1, 1, outputTile, outputTile],
      },
    },
  );

  // One node computes the 36 matrix products (O×I)·(I×tiles) of the positions, which transBatchB takes from axis 1.
  const products = graph.node(
    'FusedMatMul',
    [
      graph.parameter(`${name} winograd kernel`, [positions, outputChannels, inputChannels], () =>
        transformKernel(kernel, inputChannels, outputChannels),
      ),
      graph.node('Reshape', [tiles, graph.integers(inputChannels, positions, -1)]),
    ],
    { attributes: { transBatchB: 1 }, domain: 'com.microsoft' },
  );

  // One matrix product computes Aᵀ M A for every tile; the rows of its result are the 16 pixels of a tile.
  const pixels = graph.node('MatMul', [
    graph.constant('winograd output transform', [outputTile * outputTile, positions], () =>
      outerSquare(outputTransform),
    ),
    graph.node('Reshape', [products, graph.integers(positions, -1)]),
  ]);

  // Axes [row, column, (channel, tile row, tile column)] become [channel, tile row, row, tile column, column] in two
  // steps that move one axis each: ONNX Runtime has fast code for these, and slow code for DepthToSpace, an equivalent.
  const tileColumns = graph.node('Shape', [tiles], { attributes: { start: 3 } });
  const width = graph.node('Mul', [tileColumns, graph.integers(outputTile)]);
  const columnsInside = graph.node(
    'Transpose',
    [graph.node('Reshape', [pixels, graph.integers(outputTile, outputTile, -1)])],
    { attributes: { perm: [0, 2, 1] } },
  );
  const rows = graph.node('Reshape', [
    columnsInside,
    graph.node('Concat', [graph.integers(outputTile, -1), width], { attributes: { axis: 0 } }),
  ]);
  const rowsInside = graph.node('Transpose', [rows], { attributes: { perm: [1, 0, 2] } });
  const padded = graph.node('Reshape', [
    rowsInside,
    graph.node('Concat', [graph.integers(1, outputChannels, -1), width], { attributes: { axis: 0 } }),
  ]);

  // The last tiles may reach beyond the picture and are cut to its size.
  const size = graph.node('Shape', [input], { attributes: { start: 2 } });
  const output = wholeTiles ? padded : graph.node('Slice', [padded, graph.integers(0, 0), size, graph.integers(2, 3)]);
  if (!bias) return output;
  return graph.node('Add', [output, graph.constant(`${name} bias`, [1, outputChannels, 1, 1], () => bias)]);
}

/**
 * Computes G g Gᵀ for every pair of channels, in double precision: OIHW becomes [position, output, input]. Every compute
 * process does so at its start: a row of G g is computed once for all six products with it.
 */
function transformKernel(kernel: Float32Array, inputChannels: number, outputChannels: number): Float32Array {
  const pairs = inputChannels * outputChannels;
  const transformed = new Float32Array(positions * pairs);
  const products = new Float64Array(3 * pairs);
  for (const [row, left] of kernelTransform.entries()) {
    multiplyFromLeft(left, kernel, products);
    for (const [column, right] of kernelTransform.entries()) {
      const start = (row * inputTile + column) * pairs;
      multiplyFromRight(products, right, transformed.subarray(start, start + pairs));
    }
  }
  return transformed;
}

/** Multiplies a row of G with the columns of all kernels. */
function multiplyFromLeft([a, b, c]: KernelRow, kernels: Float32Array, products: Float64Array): void {
  const of = (tap: number) =>
    a * (kernels[tap] as number) + b * (kernels[tap + 3] as number) + c * (kernels[tap + 6] as number);
  for (let from = 0, to = 0; to < products.length; from += 9, to += 3) {
    products[to] = of(from);
    products[to + 1] = of(from + 1);
    products[to + 2] = of(from + 2);
  }
}

/** Multiplies those products with a row of G, which is a column of Gᵀ. */
function multiplyFromRight(products: Float64Array, [a, b, c]: KernelRow, results: Float32Array): void {
  for (let from = 0, to = 0; to < results.length; from += 3, to++) {
    results[to] =
      a * (products[from] as number) + b * (products[from + 1] as number) + c * (products[from + 2] as number);
  }
}

/** Makes a one-dimensional transform M two-dimensional, M ⊗ M: row (i, j), column (a, b) holds M[i][a] · M[j][b]. */
function outerSquare(matrix: readonly (readonly number[])[]): Float64Array {
  const values = matrix.flatMap((rowI) =>
    matrix.flatMap((rowJ) => rowI.flatMap((valueA) => rowJ.map((valueB) => valueA * valueB))),
  );
  return Float64Array.from(values);
}
