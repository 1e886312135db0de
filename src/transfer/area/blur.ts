/**
 * Blurs values row by row by two running means each way, which together weigh with a tent of twice the radius; values
 * beyond the border don't count.
 * @param width - number of values in a row.
 * @param radius - pixels to each side of one, a whole number from 1 up.
 * @returns new values, not below 0.
 */
export function blurred(data: Float64Array, width: number, radius: number): Float64Array {
  let values = data;
  for (let pass = 0; pass < 2; pass++) values = meanAlongColumns(meanAlongRows(values, width, radius), width, radius);
  return values;
}

/** Takes means over the pixels up to a radius to the left and right of each, as far as there are any. */
function meanAlongRows(data: Float64Array, width: number, radius: number): Float64Array {
  return runningMeans(data, { length: width, step: 1, radius, lines: data.length / width, lineStep: width });
}

function meanAlongColumns(data: Float64Array, width: number, radius: number): Float64Array {
  return runningMeans(data, { length: data.length / width, step: width, radius, lines: width, lineStep: 1 });
}

function runningMeans(
  data: Float64Array,
  axis: { length: number; step: number; radius: number; lines: number; lineStep: number },
): Float64Array {
  const { length, step, radius, lines, lineStep } = axis;
  const means = new Float64Array(data.length);
  for (let line = 0; line < lines; line++) {
    const begin = line * lineStep;
    let sum = 0;
    let count = 0;
    for (let entering = 0; entering < length + radius; entering++) {
      if (entering < length) {
        sum += data[begin + entering * step] as number;
        count++;
      }
      const leaving = entering - 2 * radius - 1;
      if (leaving >= 0) {
        sum -= data[begin + leaving * step] as number;
        count--;
      }
      const middle = entering - radius;
      if (middle >= 0) means[begin + middle * step] = Math.max(0, sum / count);
    }
  }
  return means;
}
