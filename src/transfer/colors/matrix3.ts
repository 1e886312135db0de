/** A 3 × 3 matrix, row by row. */
export type Matrix3 = readonly (readonly number[])[];

/** Multiplies two matrices. */
export function multiply(a: Matrix3, b: Matrix3): Matrix3 {
  return a.map((row) =>
    [0, 1, 2].map((column) => row.reduce((sum, value, k) => sum + value * (b[k]?.[column] ?? 0), 0)),
  );
}

/** Computes a symmetric positive definite matrix to the power p, from its eigenvalues and vectors: V·diag(λᵖ)·Vᵀ. */
export function power(matrix: Matrix3, exponent: number): Matrix3 {
  const { values, vectors } = eigen(matrix);
  const scaled = vectors.map((row) => row.map((value, k) => value * Math.max(values[k] ?? 0, 1e-12) ** exponent));
  return multiply(scaled, transpose(vectors));
}

function transpose(matrix: Matrix3): Matrix3 {
  return [0, 1, 2].map((row) => matrix.map((values) => values[row] ?? 0));
}

/** Computes eigenvalues and eigenvectors (as columns) of a symmetric matrix, by Jacobi's rotations. */
function eigen(matrix: Matrix3): { values: readonly number[]; vectors: Matrix3 } {
  let rotated = matrix;
  let vectors: Matrix3 = [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ];
  // Convergence is quadratic: a 3×3 matrix is diagonal to double precision after four or five sweeps.
  for (let sweep = 0; sweep < 12; sweep++) {
    for (const [p, q] of [
      [0, 1],
      [0, 2],
      [1, 2],
    ] as const) {
      const off = rotated[p]?.[q] ?? 0;
      if (off === 0) continue;
      const angle = 0.5 * Math.atan2(2 * off, (rotated[q]?.[q] ?? 0) - (rotated[p]?.[p] ?? 0));
      const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
      const rotation = [0, 1, 2].map((row) =>
        [0, 1, 2].map((column) => {
          if (row === column) return row === p || row === q ? cosine : 1;
          if (row === p && column === q) return sine;
          return row === q && column === p ? -sine : 0;
        }),
      );
      rotated = multiply(multiply(transpose(rotation), rotated), rotation);
      vectors = multiply(vectors, rotation);
    }
  }
  return { values: [0, 1, 2].map((k) => rotated[k]?.[k] ?? 0), vectors };
}
