import { INFERENCE_RUNTIME_CHECKS } from '../../../dist/src/inference/inference-runtime.conformance.js';
import { onnxUnderTest, tensorflowUnderTest } from '../../../dist/test/support/runtimes-under-test.js';
import { onnxSearch } from './rig.mjs';
import { runChecks } from './run-checks.mjs';
import { figure } from './table.mjs';

/** The suite that every adapter passes in the tests of the project, on one device of this host. */
export async function conformance(root, target, verdicts) {
  const isOnnx = target.runtime === 'onnx';
  const subject = await (isOnnx ? onnxUnderTest(onnxSearch(root, target.wanted)) : tensorflowUnderTest());
  const from = performance.now();
  try {
    const results = await runChecks(INFERENCE_RUNTIME_CHECKS, subject);
    const failed = results.filter(({ why }) => why !== null);
    const seconds = `${figure((performance.now() - from) / 1_000)} s`;
    for (const { name, why } of failed)
      verdicts.add('conformance', target.name, 'failed', `${name}: ${firstLine(why)}`);
    const note = `${results.length} of ${results.length} checks, ${seconds}`;
    if (failed.length === 0) verdicts.add('conformance', target.name, 'passed', note);
    console.log(`\nConformance of ${target.name}: ${results.length - failed.length} of ${results.length}, ${seconds}`);
    for (const { name, why } of failed) console.log(`  FAILED ${name}\n    ${why.replaceAll('\n', '\n    ')}`);
    return results;
  } finally {
    await subject.close();
  }
}

function firstLine(text) {
  return text.split('\n')[0].slice(0, 160);
}
