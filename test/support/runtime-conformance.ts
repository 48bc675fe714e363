import { afterAll, beforeAll, describe, it } from 'vitest';
import { INFERENCE_RUNTIME_CHECKS, type RuntimeUnderTest } from '../../src/inference/inference-runtime.conformance.js';

/** Runs the suite of the port on one adapter, as vitest tests. */
export function inferenceRuntimeConformance(name: string, create: () => Promise<RuntimeUnderTest>): void {
  describe(`${name} as an InferenceRuntime`, () => {
    let subject: RuntimeUnderTest;

    beforeAll(async () => {
      subject = await create();
    });
    afterAll(() => subject.close());

    for (const { name: rule, run } of INFERENCE_RUNTIME_CHECKS) it(rule, () => run(subject));
  });
}
