import fs from 'node:fs';
import path from 'node:path';
import * as ort from 'onnxruntime-node';
import { expect } from 'vitest';
import { imageRow } from '../inference/decoder/image-rows.js';
import type { TensorData, TensorMap } from '../inference/tensor.js';
import type { Analyzer, AnalyzerResult, FileReference, PrepareContext } from './analyzer.js';
import { JsonSchemaValidator } from './json-schema-validator.js';

const ROOT = path.join(import.meta.dirname, '../..');
const SAMPLES = path.join(ROOT, 'samples');

/** A file of `samples/` (or anywhere, by absolute path), referred to by its name instead of an id. */
export const sample = (name: string): FileReference => ({ fileId: name });

/** Plays arena and decoder: rows lie in a list, a row's offset is its place there. */
class SamplePrepareContext implements PrepareContext {
  readonly signal = new AbortController().signal;
  readonly rows: TensorData[] = [];

  async imageRow(file: FileReference, spec: Parameters<PrepareContext['imageRow']>[1]) {
    const { pixels, geometry } = await imageRow(fs.readFileSync(path.resolve(SAMPLES, file.fileId)), spec);
    return { row: this.keep(Uint8Array.from(pixels)), geometry };
  }

  async text(file: FileReference): Promise<string> {
    return fs.readFileSync(path.resolve(SAMPLES, file.fileId), 'utf8');
  }

  async floatRow(values: Float32Array) {
    return this.keep(values);
  }

  async tensorRows(rows: readonly ArrayBufferView[]) {
    return rows.map((row) => this.keep(row as Uint8Array));
  }

  private keep(row: TensorData) {
    return { offset: this.rows.push(row) - 1, bytes: row.byteLength };
  }
}

function feedsOf(tensors: TensorMap, rows: SamplePrepareContext['rows']): Record<string, ort.Tensor> {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, { type, rowShape, rows: handles }]) => {
      const data = rows[handles[0]?.offset ?? -1];
      if (!data || handles.length !== 1) throw new Error('expected one row per tensor');
      return [name, new ort.Tensor(type as 'uint8' | 'float32', data as Float32Array, [1, ...rowShape])];
    }),
  );
}

/**
 * Runs an input through prepare, the shipped model in `models/<slug>` and interpret.
 * Fails the test when the result does not match the analyzer's output schema.
 */
export async function analyzeWithShippedModel<Input>(
  analyzer: Analyzer<Input>,
  input: Input,
): Promise<AnalyzerResult['data']> {
  const { slug, outputSchema, view } = analyzer.definition;
  const context = new SamplePrepareContext();
  const { tensors, memo } = await analyzer.prepare(input, context);
  const session = await ort.InferenceSession.create(path.join(ROOT, 'models', slug, 'model.onnx'));
  const { y } = await session.run(feedsOf(tensors, context.rows));
  const outputs = { y: { type: 'float32' as const, dims: y?.dims ?? [], data: y?.data as Float32Array } };
  const result = analyzer.interpret(outputs, memo, input);
  await session.release();
  expect(result.kind).toBe(view.renderer);
  const asSent: unknown = JSON.parse(JSON.stringify(result.data));
  expect(new JsonSchemaValidator(outputSchema).faultsOf(asSent)).toEqual([]);
  return result.data;
}
