import { serveRequests } from '../engine/serve-requests.js';
import { inspectArtifact } from './inspect-artifact.js';
import type { InspectionOperations } from './inspection-operations.js';

// Entry of the inspection process: a file of 512 MB is read and walked outside of the worker, and cannot hold up its jobs.

serveRequests<InspectionOperations>({
  inspect: async (artifact) => inspectArtifact(artifact),
});
