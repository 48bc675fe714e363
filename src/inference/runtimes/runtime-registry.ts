import type { InferenceRuntime } from '../inference-runtime.js';

/** The runtimes of this worker by name. */
export class RuntimeRegistry {
  constructor(private readonly runtimes: readonly InferenceRuntime[]) {}

  all(): readonly InferenceRuntime[] {
    return this.runtimes;
  }

  /** Throws when no such runtime is part of this build. */
  byName(name: InferenceRuntime['name']): InferenceRuntime {
    const runtime = this.runtimes.find((candidate) => candidate.name === name);
    if (!runtime) throw new Error(`there is no runtime "${name}" in this worker`);
    return runtime;
  }
}
