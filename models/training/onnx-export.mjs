import * as W from './onnx-writer.mjs';

const ACTIVATIONS = { relu: ['Relu', {}], sigmoid: ['Sigmoid', {}], softmax: ['Softmax', { axis: 1 }] };

/** A chain of nodes: each one reads the output of the one before. */
class Chain {
  nodes = [];
  initializers = [];
  current = 'x';

  add(op, inputs = [], attributes = {}) {
    const output = `${op.toLowerCase()}_${this.nodes.length}`;
    this.nodes.push(W.node(op, [this.current, ...inputs], output, attributes));
    this.current = output;
  }

  constant(name, dims, data) {
    this.initializers.push(W.tensor(name, dims, Float32Array.from(data)));
    return name;
  }
}

function addConv(tf, chain, layer) {
  const { kernelSize, strides, activation } = layer.getConfig();
  const [filter, bias] = layer.getWeights();
  const perm = [3, 2, 0, 1]; // [h, w, in, out] to [out, in, h, w]
  const data = tf.tidy(() => filter.transpose(perm).dataSync());
  const dims = perm.map((axis) => filter.shape[axis]);
  const weights = chain.constant(`${layer.name}_w`, dims, data);
  const shift = chain.constant(`${layer.name}_b`, bias.shape, bias.dataSync());
  chain.add('Conv', [weights, shift], { kernel_shape: kernelSize, strides, auto_pad: 'SAME_UPPER' });
  if (!(activation in ACTIVATIONS)) throw new Error(`Activation ${activation} has no ONNX counterpart here`);
  chain.add(ACTIVATIONS[activation][0], [], ACTIVATIONS[activation][1]);
}

/**
 * A Sequential stack of "same"-padded Conv2D layers as an ONNX file. Input `x` and output `y` are NHWC, the batch axis is 'N'.
 * @param {{pixels: boolean, metadata: Record<string, string>}} options pixels: uint8 input, scaled by 1/255 in the graph
 */
export function toOnnx(tf, model, { pixels, metadata }) {
  const chain = new Chain();
  if (pixels) {
    chain.add('Cast', [], { to: W.FLOAT });
    chain.add('Mul', [chain.constant('scale', [], [1 / 255])]);
  }
  chain.add('Transpose', [], { perm: [0, 3, 1, 2] });
  for (const layer of model.layers) {
    if (layer.getClassName() !== 'Conv2D') throw new Error(`Layer ${layer.getClassName()} cannot be exported`);
    addConv(tf, chain, layer);
  }
  chain.nodes.push(W.node('Transpose', [chain.current], 'y', { perm: [0, 2, 3, 1] }));
  const dims = (shape, letter) => ['N', ...shape.slice(1).map((size, axis) => size ?? `${letter}${axis + 1}`)];
  return W.modelFile({
    nodes: chain.nodes,
    initializers: chain.initializers,
    input: W.valueInfo('x', pixels ? W.UINT8 : W.FLOAT, dims(model.inputs[0].shape, 'L')),
    output: W.valueInfo('y', W.FLOAT, dims(model.outputs[0].shape, 'M')),
    metadata,
  });
}
