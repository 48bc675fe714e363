import fs from 'node:fs';
import { TensorflowModels } from '../runtimes/tensorflow/tensorflow-models.js';
import type { EngineOperations } from './engine-operations.js';
import { serveRequests } from './serve-requests.js';

// Entry of the engine process of TensorFlow.js, one per device. The library is loaded with the first model.

const models = new TensorflowModels(fs.openSync(process.env['MARU_ARENA'] ?? '', 'r+'));

serveRequests<EngineOperations>({
  load: (request) => models.load(request),
  unload: (request) => models.unload(request),
  run: (request) => models.run(request),
});
