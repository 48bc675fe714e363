import type { ImageGeometry, ImageRowSpec } from '../inference/image-row-spec.js';
import type { OutputMap, RowHandle, TensorMap } from '../inference/tensor.js';

/** A text in the languages of the product. */
export interface LocalizedText {
  readonly ko: string;
  readonly en: string;
}

/** A stored file as it stands in a job's input: `{ "fileId": "file_..." }`. */
export interface FileReference {
  readonly fileId: string;
}

/** JSON Schema 2020-12 of an object. A top-level property with `x-file` takes a file (see fileSchema). */
export interface ObjectSchema {
  readonly type: 'object';
  readonly properties: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties: false;
  readonly [keyword: string]: unknown;
}
export type JsonSchema = Readonly<Record<string, unknown>>;

/** What a file field accepts. Types are decided by content, never by name. */
export interface FileRule {
  readonly accept: readonly string[];
  readonly maxBytes: number;
  /** Largest width x height of a picture; larger ones are refused before decoding. */
  readonly maxPixels?: number;
}

/** The schema of an input field that takes a file, by id, as a small data URI, or by its address. */
export function fileSchema(rule: FileRule, description: string): JsonSchema {
  return {
    type: 'object',
    description,
    'x-file': rule,
    properties: {
      fileId: { type: 'string', pattern: '^file_[0-9a-z]{26}$' },
      dataUri: { type: 'string', pattern: '^data:', description: 'At most 256 kB decoded' },
      url: {
        type: 'string',
        pattern: '^https?://',
        maxLength: 2048,
        description: 'Public https address; fetched once, redirects are not followed',
      },
    },
    additionalProperties: false,
    oneOf: [{ required: ['fileId'] }, { required: ['dataUri'] }, { required: ['url'] }],
  };
}

/** Everything that the form, the API schema, the docs and the result view of an analyzer follow from. */
export interface AnalyzerDefinition {
  readonly slug: string;
  readonly version: string;
  readonly name: LocalizedText;
  readonly description: LocalizedText;
  readonly inputSchema: ObjectSchema;
  /** Schema of the result's `data`. */
  readonly outputSchema: ObjectSchema;
  readonly view: {
    readonly renderer: 'image_boxes' | 'heatmap' | 'table' | 'series' | 'text';
    readonly labels: readonly { readonly id: string; readonly label: LocalizedText }[];
  };
  /** Name of the model, for example `surface-net`; of an uploaded one its slug; of a chain the first one. */
  readonly model: string;
  readonly limits: { readonly maxInputBytes: number; readonly maxDurationMs: number };
  /** What one job bills. */
  readonly unit: 'image' | 'signal' | 'row';
}

/** A decoded picture: its row lies in the arena until the job has read its outputs. */
export interface ImageRow {
  readonly row: RowHandle;
  readonly geometry: ImageGeometry;
}

/** What `prepare` may use. Rows that it takes are released by the runner when the attempt ends. */
export interface PrepareContext {
  readonly signal: AbortSignal;
  /** Decodes in a decoder process. Throws UndecodableImageError. */
  imageRow(file: FileReference, spec: ImageRowSpec): Promise<ImageRow>;
  /** The same for several rows of one picture, such as its regions: decodes once, all rows or none. */
  imageRows(file: FileReference, specs: readonly ImageRowSpec[]): Promise<readonly ImageRow[]>;
  /** Reads a text file whole (UTF-8). */
  text(file: FileReference): Promise<string>;
  /** Copies values into a row of the arena. */
  floatRow(values: Float32Array): Promise<RowHandle>;
  /** Copies values of any element type into rows of the arena, all or none at a time. */
  tensorRows(rows: readonly ArrayBufferView[]): Promise<readonly RowHandle[]>;
}

/** Input tensors of one job and whatever `interpret` needs to know again. */
export interface Prepared<Memo> {
  /** Lane key beside the model, for example `128x128` or `1024`. */
  readonly shapeBucket: string;
  readonly tensors: TensorMap;
  readonly memo: Memo;
}

/** A result: `kind` picks the renderer of the portal, `data` matches the output schema. */
export interface AnalyzerResult {
  readonly kind: 'image_boxes' | 'heatmap' | 'table' | 'series' | 'text';
  readonly data: Readonly<Record<string, unknown>>;
}

/** The input cannot be used although it matches the schema; the message tells the client what to change. Final. */
export class InputUnreadableError extends Error {}

/** The model's outputs make no sense for this analyzer. Final. */
export class InterpretError extends Error {}

/**
 * One kind of analysis. `prepare` turns a validated input into rows, `interpret` turns the outputs of those rows into a
 * result; between them the scheduler batches the rows of many jobs. Both must be free of side effects: an attempt that
 * lost its worker runs again.
 */
export abstract class Analyzer<Input = never, Memo = unknown> {
  abstract readonly definition: AnalyzerDefinition;
  abstract prepare(input: Input, context: PrepareContext): Promise<Prepared<Memo>>;
  abstract interpret(outputs: OutputMap, memo: Memo, input: Input): AnalyzerResult;
}
