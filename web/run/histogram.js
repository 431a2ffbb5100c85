// The HDR histogram of a result; docs/reference/results.md describes its form.

/** Calls back with (highest value in µs, count) of each cell, in rising order. */
function for_each_cell({ cells, max_us }, callback) {
  let index = 0;
  for (let i = 0; i + 1 < cells.length; i += 2) {
    index += cells[i];
    const bucket = index < 2048 ? 0 : Math.floor(index / 1024) - 1;
    const width = 2 ** bucket;
    callback(Math.min(max_us, (index - bucket * 1024) * width + width - 1), cells[i + 1]);
  }
}

/** The value at x (see percentile_curve) of a curve: that of the last point up to there; undefined beyond its end. */
export function value_at(curve, x) {
  if (curve.length === 0 || x > curve[curve.length - 1][0]) return undefined;
  let low = 0, high = curve.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (curve[middle][0] <= x) low = middle;
    else high = middle;
  }
  return curve[low][1];
}

const step = 0.004; // in powers of ten: finer than a pixel

/**
 * The distribution as Gil Tene plots it: [1 / (1 − share), value], where each power of ten is one more nine. The
 * last point stands at 1 / n: beyond it n values say nothing.
 */
export function percentile_curve(histogram, total) {
  const out = [];
  if (total === 0) return out;
  let before = 0, last_x = -1;
  for_each_cell(histogram, (value, count) => {
    const x = Math.log10(total / (total - before));
    if (x - last_x >= step) {
      out.push([10 ** x, value]);
      last_x = x;
    }
    before += count;
  });
  out.push([total, histogram.max_us]);
  return out;
}
