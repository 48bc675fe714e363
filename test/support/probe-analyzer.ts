import {
  Analyzer,
  type AnalyzerDefinition,
  type AnalyzerResult,
  type PrepareContext,
  type Prepared,
} from '../../src/analyzers/analyzer.js';
import type { OutputMap } from '../../src/inference/tensor.js';

/** Input of the probe: one row of two values. */
export interface ProbeInput {
  readonly name: string;
  readonly values: readonly number[];
}

/**
 * An analyzer over any model of two floats a row, that a test can hold or break in `prepare`. Its result is the row of
 * the first output.
 */
export class ProbeAnalyzer extends Analyzer<ProbeInput, null> {
  readonly definition: AnalyzerDefinition;
  /** Names of the jobs whose `prepare` has begun. */
  readonly begun: string[] = [];
  /** What `prepare` does first; it may wait or throw. */
  beforePrepare: (input: ProbeInput) => Promise<void> | void = () => undefined;
  /** Members that go into every result. */
  extra: Readonly<Record<string, unknown>> = {};

  constructor(model: string, version = '1.0.0', slug = 'probe') {
    super();
    this.definition = {
      slug,
      version,
      name: { ko: '탐침', en: 'Probe' },
      description: { ko: '시험용', en: 'For tests' },
      inputSchema: {
        type: 'object',
        properties: { name: { type: 'string' }, values: { type: 'array', items: { type: 'number' } } },
        required: ['name', 'values'],
        additionalProperties: false,
      },
      outputSchema: { type: 'object', properties: {}, additionalProperties: false },
      view: { renderer: 'table', labels: [] },
      model,
      limits: { maxInputBytes: 1_000, maxDurationMs: 60_000 },
      unit: 'signal',
    };
  }

  async prepare(input: ProbeInput, context: PrepareContext): Promise<Prepared<null>> {
    this.begun.push(input.name);
    await this.beforePrepare(input);
    const row = await context.floatRow(new Float32Array(input.values));
    return {
      shapeBucket: 'default',
      tensors: { x: { type: 'float32', rowShape: [2], rows: [row] } },
      memo: null,
    };
  }

  interpret(outputs: OutputMap): AnalyzerResult {
    const [output] = Object.values(outputs);
    return { kind: 'table', data: { row: [...(output?.data ?? [])].map(Number), ...this.extra } };
  }
}
