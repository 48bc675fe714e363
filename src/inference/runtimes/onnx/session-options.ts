import type { InferenceSession } from 'onnxruntime-node';
import type { Placement } from '../../engine/engine-operations.js';

/** How every session is made: explicit threads, no spinning (it burns the cores of the worker), quiet. */
export function sessionOptions(placement: Placement): InferenceSession.SessionOptions {
  const { provider, deviceIndex, threads } = placement;
  return {
    // One provider only: ONNX Runtime does not fall back by itself, and a silent fall-back would hide a lost GPU.
    executionProviders: [provider === 'cuda' ? { name: 'cuda', deviceId: deviceIndex } : provider],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    logSeverityLevel: 4,
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  };
}
