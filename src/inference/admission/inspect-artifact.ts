import fs from 'node:fs';
import path from 'node:path';
import { ONNX_LIMITS, TFJS_LIMITS } from './inspection-limits.js';
import type { ArtifactFiles, InspectionVerdict } from './inspection-operations.js';
import type { ModelFacts } from './model-facts.js';
import { ModelRefusal } from './model-refusal.js';
import { inspectOnnx } from './onnx-inspector.js';
import { inspectTfjs } from './tfjs-inspector.js';

// Runs in the inspection process: erasable TypeScript only.

/** Name of the file that describes a TensorFlow.js model. */
const TFJS_ENTRY = 'model.json';

/** Reads and judges the files of an artifact. Throws only what is no fault of the files. */
export function inspectArtifact(artifact: ArtifactFiles): InspectionVerdict {
  try {
    return { facts: artifact.runtime === 'onnx' ? onnxFacts(artifact) : tfjsFacts(artifact) };
  } catch (error) {
    if (!(error instanceof ModelRefusal)) throw error;
    return { refusal: { check: error.check, message: error.message } };
  }
}

function onnxFacts({ directory, files }: ArtifactFiles): ModelFacts {
  const [name, ...others] = files;
  if (!name || others.length > 0) {
    throw new ModelRefusal('external_data', `an ONNX model is one file; this artifact has ${files.length}`);
  }
  const file = path.join(directory, name);
  const sizeBytes = fs.statSync(file).size;
  if (sizeBytes > ONNX_LIMITS.maxBytes) {
    throw new ModelRefusal('size', `${name} has ${sizeBytes} bytes; at most ${ONNX_LIMITS.maxBytes} are accepted`);
  }
  return inspectOnnx(fs.readFileSync(file));
}

function tfjsFacts({ directory, files }: ArtifactFiles): ModelFacts {
  const sizes = new Map(files.map((name) => [name, fs.statSync(path.join(directory, name)).size]));
  const jsonBytes = sizes.get(TFJS_ENTRY);
  if (jsonBytes === undefined) throw new ModelRefusal('format', `a TensorFlow.js model needs a file ${TFJS_ENTRY}`);
  if (jsonBytes > TFJS_LIMITS.maxJsonBytes) {
    throw new ModelRefusal(
      'size',
      `${TFJS_ENTRY} has ${jsonBytes} bytes; at most ${TFJS_LIMITS.maxJsonBytes} are accepted`,
    );
  }
  return inspectTfjs(fs.readFileSync(path.join(directory, TFJS_ENTRY), 'utf8'), sizes);
}
