import fs from 'node:fs';
import { OnnxSessions } from '../runtimes/onnx/onnx-sessions.js';
import type { EngineOperations } from './engine-operations.js';
import { serveRequests } from './serve-requests.js';

// Entry of the engine process, one per device. It owns every loaded model; tensors come from the arena file.

const sessions = new OnnxSessions(fs.openSync(process.env['MARU_ARENA'] ?? '', 'r+'));

serveRequests<EngineOperations>({
  load: (request) => sessions.load(request),
  unload: (request) => sessions.unload(request),
  run: (request) => sessions.run(request),
});
