import * as tf from '@tensorflow/tfjs';

/** A tensor handle over an existing buffer, so that public ops accept a kernel's raw input. */
function asTensor(info, backend) {
  backend.incRef(info.dataId);
  return tf.engine().makeTensorFromTensorInfo({ ...info });
}

/** Runs `compute` in a tidy scope and hands its result over to the engine as a kernel output. */
function asKernelOutput(backend, compute) {
  const out = tf.tidy(compute);
  backend.incRef(out.dataId);
  return { dataId: out.dataId, shape: out.shape, dtype: out.dtype };
}

/**
 * Splits [n,H,W,c] into `sh` x `sw` grids of every sh-th row and sw-th column, each as [n, H/sh, (W/sw)*c].
 * Slices copy whole rows of memory: strided or channel-wise slices of this backend are many times slower.
 */
function phases(t, sh, sw) {
  const [n, height, width, c] = t.shape;
  const shape = [n, height / sh, (width / sw) * c];
  const rows = t.reshape([(n * height) / sh, sh, width * c]);
  return Array.from({ length: sh }, (_, a) => {
    const row = rows.slice([0, a, 0], [-1, 1, -1]);
    const columns = sw === 1 ? row : row.reshape([-1, sw, c]).transpose([1, 0, 2]).reshape([sw, -1]);
    return Array.from({ length: sw }, (_, b) => (sw === 1 ? row : columns.slice([b, 0], [1, -1])).reshape(shape));
  });
}

/**
 * dW, one matrix product per filter tap: dW[i,j,ci,co] = sum over n,y,x of padded[n, y*s+i, x*s+j, ci] * dy[n,y,x,co].
 * The explicit transpose is on purpose: the backend's matMul is fast only when neither side is transposed.
 */
function filterGradient(x, dy, conv) {
  const { outHeight: h, outWidth: w, strideHeight: sh, strideWidth: sw, batchSize: n, padInfo: p } = conv;
  const { filterHeight: kh, filterWidth: kw, inChannels: cin, outChannels: cout } = conv;
  const fill = (size, before, after, stride) => after + ((stride - ((size + before + after) % stride)) % stride);
  const bottom = fill(conv.inHeight, p.top, p.bottom, sh);
  const right = fill(conv.inWidth, p.left, p.right, sw);
  // prettier-ignore
  const grid = phases(tf.pad(x, [[0, 0], [p.top, bottom], [p.left, right], [0, 0]]), sh, sw);
  const gradient = dy.reshape([n * h * w, cout]);
  const taps = [];
  for (let i = 0; i < kh; i++) {
    for (let j = 0; j < kw; j++) {
      const tap = grid[i % sh][j % sw].slice([0, Math.floor(i / sh), Math.floor(j / sw) * cin], [n, h, w * cin]);
      taps.push(tf.matMul(tap.reshape([n * h * w, cin]).transpose(), gradient));
    }
  }
  return tf.stack(taps).reshape([kh, kw, cin, cout]);
}

/** Inserts `by - 1` zero rows after each row of a [outer, count, inner] view. */
function spread(t, outer, count, inner, by) {
  if (by === 1) return t;
  // prettier-ignore
  return tf.pad(t.reshape([outer * count, 1, inner]), [[0, 0], [0, by - 1], [0, 0]]);
}

/** dX as an ordinary convolution of the zero-spread dy with the flipped filter: it runs on the fast forward kernel. */
function inputGradient(dy, filter, conv) {
  const { outHeight: h, outWidth: w, strideHeight: sh, strideWidth: sw, batchSize: n, padInfo: p } = conv;
  const { filterHeight: kh, filterWidth: kw, inHeight, inWidth, outChannels: cout } = conv;
  const rows = spread(dy, n, h, w * cout, sh);
  const dilated = spread(rows, n * h * sh, w, cout, sw).reshape([n, h * sh, w * sw, cout]);
  const top = kh - 1 - p.top;
  const left = kw - 1 - p.left;
  const bottom = inHeight - h * sh + kh - 1 - top;
  const right = inWidth - w * sw + kw - 1 - left;
  // prettier-ignore
  const padded = tf.pad(dilated, [[0, 0], [top, bottom], [left, right], [0, 0]]);
  const flipped = tf.reverse(filter, [0, 1]).transpose([0, 1, 3, 2]);
  return tf.conv2d(padded, flipped, 1, 'valid');
}

/**
 * Registers the convolution gradients on the WASM backend: Conv2DBackpropFilter is missing there, and
 * Conv2DBackpropInput exists but is about ten times slower than this formulation.
 * Valid for spatial input sizes that are a multiple of the stride.
 */
export function registerConvGradients() {
  tf.registerKernel({
    kernelName: 'Conv2DBackpropFilter',
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs, backend }) => {
      const { strides, pad, dimRoundingMode, filterShape } = attrs;
      const conv = tf.backend_util.computeConv2DInfo(inputs.x.shape, filterShape, strides, 1, pad, dimRoundingMode);
      return asKernelOutput(backend, () =>
        filterGradient(asTensor(inputs.x, backend), asTensor(inputs.dy, backend), conv),
      );
    },
  });
  tf.unregisterKernel('Conv2DBackpropInput', 'wasm');
  tf.registerKernel({
    kernelName: 'Conv2DBackpropInput',
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs, backend }) => {
      const { strides, pad, dimRoundingMode, inputShape } = attrs;
      const conv = tf.backend_util.computeConv2DInfo(inputShape, inputs.filter.shape, strides, 1, pad, dimRoundingMode);
      return asKernelOutput(backend, () =>
        inputGradient(asTensor(inputs.dy, backend), asTensor(inputs.filter, backend), conv),
      );
    },
  });
}
