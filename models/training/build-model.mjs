/** A Sequential model of `layers(conv)`; every initializer is seeded. */
export function buildModel(tf, name, layers, seed) {
  let count = 0;
  const conv = (filters, kernelSize, strides, activation, extra = {}) => {
    count++;
    const kernelInitializer = tf.initializers.varianceScaling({
      scale: 2,
      mode: 'fanIn',
      distribution: 'normal',
      seed: seed * 1000 + count,
    });
    const config = { name: `conv${count}`, filters, kernelSize, strides, padding: 'same', activation };
    return tf.layers.conv2d({ ...config, kernelInitializer, ...extra });
  };
  return tf.sequential({ name: name.replaceAll('-', '_'), layers: layers(conv) });
}
