const WARM_UP = 0.05;

/** Cosine decay after a short warm-up. */
function rateAt(step, steps, peak) {
  const done = step / steps;
  return done < WARM_UP ? (peak * done) / WARM_UP : peak * (0.005 + 0.4975 * (1 + Math.cos(Math.PI * done)));
}

/** Cross entropy averaged over the cells, weighted per cell. */
function lossOf(tf, predicted, truth, weights) {
  const classes = truth.shape.at(-1);
  const safe = predicted.clipByValue(1e-6, 1 - 1e-6);
  const likelihood =
    classes === 1
      ? truth.mul(safe.log()).add(tf.sub(1, truth).mul(tf.sub(1, safe).log()))
      : truth.mul(safe.log()).sum(-1, true);
  return likelihood.mul(weights).sum().neg().div(weights.sum());
}

/**
 * Trains on freshly drawn batches: no sample is seen twice, so there is no shuffling and nothing to learn by heart.
 * @param {(step: number) => {x: Float32Array, y: Float32Array, weights: Float32Array, dims: {x: number[], y: number[], weights: number[]}}} draw
 */
export function trainModel(tf, model, { steps, rate, draw, log }) {
  const optimizer = tf.train.adam(rate);
  const started = performance.now();
  let drawing = 0;
  let smooth;
  for (let step = 0; step < steps; step++) {
    const from = performance.now();
    const batch = draw(step);
    drawing += performance.now() - from;
    optimizer.learningRate = rateAt(step + 1, steps, rate);
    const loss = tf.tidy(() => {
      const x = tf.tensor(batch.x, batch.dims.x);
      const y = tf.tensor(batch.y, batch.dims.y);
      const weights = tf.tensor(batch.weights, batch.dims.weights);
      return optimizer.minimize(() => lossOf(tf, model.apply(x, { training: true }), y, weights), true);
    });
    const value = loss.dataSync()[0];
    loss.dispose();
    if (!Number.isFinite(value)) throw new Error(`The loss is ${value} at step ${step}`);
    smooth = smooth === undefined ? value : smooth * 0.98 + value * 0.02;
    if ((step + 1) % 100 === 0) {
      const seconds = (performance.now() - started) / 1000;
      log(
        `step ${step + 1}/${steps} loss ${smooth.toFixed(4)} ${seconds.toFixed(0)} s (drawing ${(drawing / 1000).toFixed(0)} s)`,
      );
    }
  }
  optimizer.dispose();
}
