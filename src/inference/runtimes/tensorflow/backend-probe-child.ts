import { serveRequests } from '../../engine/serve-requests.js';
import type { BackendProbeOperations } from './backend-probe-operations.js';
import { startBackend } from './start-backend.js';

// Entry of the process that tries a native TensorFlow.js: the worker never loads it.

serveRequests<BackendProbeOperations>({
  start: async ({ backend }) => {
    const { tf, usesGpu } = await startBackend(backend);
    return { version: tf.version_core, usesGpu };
  },
});
