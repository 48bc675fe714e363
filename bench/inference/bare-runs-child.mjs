import { InferenceSession, Tensor } from 'onnxruntime-node';
import { sessionOptions } from '../../dist/src/inference/runtimes/onnx/session-options.js';
import { answerWith } from './child-link.mjs';

// Bare calls of the runtime: the session of the product's engine, a tensor that lies ready, nothing else.

const PLACEMENT = { provider: 'cpu', deviceIndex: 0, threads: 1 };
let session;
let tensor;

answerWith(async ({ file, batch, times }) => {
  if (file) session = await InferenceSession.create(file, sessionOptions(PLACEMENT));
  if (batch) tensor = new Tensor(batch.type, batch.values, batch.dims);
  const samples = [];
  for (let i = 0; i < (times ?? 0); i++) {
    const from = performance.now();
    await session.run({ [session.inputNames[0]]: tensor });
    samples.push(performance.now() - from);
  }
  return samples;
});
