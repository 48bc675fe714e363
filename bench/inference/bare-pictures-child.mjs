import { InferenceSession, Tensor } from 'onnxruntime-node';
import { imageRow } from '../../dist/src/inference/decoder/image-rows.js';
import { sessionOptions } from '../../dist/src/inference/runtimes/onnx/session-options.js';
import { answerWith } from './child-link.mjs';

// What somebody would write who has one model and a folder of pictures: decode, fill a batch, run, next.

const SPEC = { mode: 'fill', width: 128, height: 128, channels: 1 };
let session;
let files = [];

answerWith(async ({ model, pictures, batch, count }) => {
  if (model)
    session = await InferenceSession.create(model, sessionOptions({ provider: 'cpu', deviceIndex: 0, threads: 1 }));
  if (pictures) files = pictures;
  const from = performance.now();
  const rowBytes = SPEC.width * SPEC.height;
  for (let done = 0; done < (count ?? 0); done += batch) {
    const data = new Uint8Array(batch * rowBytes);
    for (let i = 0; i < batch; i++)
      data.set((await imageRow(files[(done + i) % files.length], SPEC)).pixels, i * rowBytes);
    await session.run({ x: new Tensor('uint8', data, [batch, SPEC.height, SPEC.width, 1]) });
  }
  return performance.now() - from;
});
