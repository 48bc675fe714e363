/** Rounded to 4 digits, as figures stand in the cards. */
export const rounded = (value) => Math.round(value * 1e4) / 1e4;

/** part / whole as a figure; 0 of 0 is 1. */
export const share = (part, whole) => (whole ? rounded(part / whole) : 1);

/** Area under the ROC curve by ranks; equal scores count half. */
export function rocAuc(pairs) {
  const sorted = pairs.toSorted((a, b) => a.score - b.score);
  const positives = sorted.filter((pair) => pair.label).length;
  let ranks = 0;
  for (let from = 0; from < sorted.length;) {
    let to = from;
    while (to < sorted.length && sorted[to].score === sorted[from].score) to++;
    const middle = (from + 1 + to) / 2;
    for (let i = from; i < to; i++) if (sorted[i].label) ranks += middle;
    from = to;
  }
  return rounded((ranks - (positives * (positives + 1)) / 2) / (positives * (sorted.length - positives)));
}

/** Intersection over union of two boxes {x, y, width, height}. */
export function iou(a, b) {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  if (width <= 0 || height <= 0) return 0;
  const common = width * height;
  return common / (a.width * a.height + b.width * b.height - common);
}

/** Pairs of equal or replaced characters and the number of edits of the cheapest alignment. */
export function align(expected, actual) {
  const cost = Array.from({ length: expected.length + 1 }, (_, i) => [i]);
  for (let j = 1; j <= actual.length; j++) cost[0][j] = j;
  for (let i = 1; i <= expected.length; i++) {
    for (let j = 1; j <= actual.length; j++) {
      const replaced = cost[i - 1][j - 1] + (expected[i - 1] === actual[j - 1] ? 0 : 1);
      cost[i][j] = Math.min(replaced, cost[i - 1][j] + 1, cost[i][j - 1] + 1);
    }
  }
  const pairs = [];
  for (let i = expected.length, j = actual.length; i > 0 && j > 0;) {
    const replaced = cost[i - 1][j - 1] + (expected[i - 1] === actual[j - 1] ? 0 : 1);
    if (cost[i][j] === replaced) pairs.push([expected[--i], actual[--j]]);
    else if (cost[i][j] === cost[i - 1][j] + 1) i--;
    else j--;
  }
  return { edits: cost[expected.length][actual.length], pairs };
}

/** The candidate with the best value; of several equal ones the middle one, which is the safest when data shifts. */
export function bestOf(candidates, valueOf) {
  const values = candidates.map((candidate) => valueOf(candidate));
  const best = Math.max(...values);
  const equal = candidates.filter((_, k) => values[k] === best);
  return equal[Math.floor(equal.length / 2)];
}
