import fs from 'node:fs';
import path from 'node:path';
import * as ort from 'onnxruntime-node';
import { expect } from 'vitest';
import { imageRows } from '../inference/decoder/image-rows.js';
import type { ImageRowSpec } from '../inference/image-row-spec.js';
import { ShippedModels } from '../inference/models/shipped-models.js';
import { stackOutputs } from '../inference/stack-outputs.js';
import type { OutputMap, TensorData, TensorMap } from '../inference/tensor.js';
import type { Analyzer, AnalyzerResult, FileReference, ImageRow, PrepareContext } from './analyzer.js';
import { laterStepsOf } from './chain-analyzer.js';
import { JsonSchemaValidator } from './json-schema-validator.js';

const ROOT = path.join(import.meta.dirname, '../..');
const SAMPLES = path.join(ROOT, 'samples');

/** A file of `samples/` (or anywhere, by absolute path), referred to by its name instead of an id. */
export const sample = (name: string): FileReference => ({ fileId: name });

/** Plays arena and decoder: rows lie in a list, a row's offset is its place there. */
class SamplePrepareContext implements PrepareContext {
  readonly signal = new AbortController().signal;
  readonly rows: TensorData[] = [];

  async imageRow(file: FileReference, spec: ImageRowSpec): Promise<ImageRow> {
    return (await this.imageRows(file, [spec]))[0] as ImageRow;
  }

  async imageRows(file: FileReference, specs: readonly ImageRowSpec[]): Promise<ImageRow[]> {
    const rows = await imageRows(fs.readFileSync(path.resolve(SAMPLES, file.fileId)), specs);
    return rows.map(({ pixels, geometry }) => ({ row: this.keep(Uint8Array.from(pixels)), geometry }));
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

/** Feeds of one row of a step. */
function feedsOf(tensors: TensorMap, at: number, rows: SamplePrepareContext['rows']): Record<string, ort.Tensor> {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, { type, rowShape, rows: handles }]) => {
      const data = rows[handles[at]?.offset ?? -1];
      if (!data) throw new Error(`row ${at} of ${name} was never placed`);
      return [name, new ort.Tensor(type as 'uint8' | 'float32', data as Float32Array, [1, ...rowShape])];
    }),
  );
}

/** Runs all rows of a step through a shipped model, one by one, as they may run among rows of others. */
async function outputsOf(name: string, tensors: TensorMap, rows: SamplePrepareContext['rows']): Promise<OutputMap> {
  const session = await ort.InferenceSession.create(new ShippedModels(path.join(ROOT, 'models')).byName(name).file);
  const outputs: OutputMap[] = [];
  for (const at of Object.values(tensors)[0]?.rows.keys() ?? []) {
    const { y } = await session.run(feedsOf(tensors, at, rows));
    outputs.push({ y: { type: 'float32', dims: y?.dims ?? [], data: y?.data as Float32Array } });
  }
  await session.release();
  return stackOutputs(outputs);
}

/**
 * Runs an input through prepare, the shipped models of the analyzer and interpret.
 * Fails the test when the result does not match the analyzer's output schema, or a step gives more rows than it may.
 */
export async function analyzeWithShippedModel<Input>(
  analyzer: Analyzer<Input>,
  input: Input,
): Promise<AnalyzerResult['data']> {
  const { model, outputSchema, view } = analyzer.definition;
  const context = new SamplePrepareContext();
  let prepared = await analyzer.prepare(input, context);
  let outputs = await outputsOf(model, prepared.tensors, context.rows);
  for (const step of laterStepsOf(analyzer)) {
    prepared = await step.prepare(outputs, prepared.memo, input as never, context);
    for (const { rows } of Object.values(prepared.tensors)) expect(rows.length).toBeLessThanOrEqual(step.maxRows);
    outputs = await outputsOf(step.model, prepared.tensors, context.rows);
  }
  const result = analyzer.interpret(outputs, prepared.memo, input);
  expect(result.kind).toBe(view.renderer);
  const asSent: unknown = JSON.parse(JSON.stringify(result.data));
  expect(new JsonSchemaValidator(outputSchema).faultsOf(asSent)).toEqual([]);
  return result.data;
}
