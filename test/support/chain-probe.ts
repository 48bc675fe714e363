import type { AnalyzerResult, PrepareContext, Prepared } from '../../src/analyzers/analyzer.js';
import { ChainAnalyzer, type ChainStep } from '../../src/analyzers/chain-analyzer.js';
import type { OutputMap } from '../../src/inference/tensor.js';
import { ProbeAnalyzer, type ProbeInput } from './probe-analyzer.js';

/** Most rows of the probe's second step. */
export const MOST_ROWS = 6;

/**
 * Two models of two floats a row, one after the other. The first one's outputs decide what the second one gets: `values[0]`
 * is how many rows, `values[1]` is what the first of them holds, each further one holds 1 more.
 */
export class ChainProbe extends ChainAnalyzer<ProbeInput, readonly number[]> {
  readonly definition;
  readonly steps: readonly ChainStep<ProbeInput, readonly number[]>[];
  /** Names of the jobs whose second step has begun. */
  readonly begun: string[] = [];
  /** What the second step does first; it may wait or throw. */
  beforeStep: (input: ProbeInput) => Promise<void> | void = () => undefined;

  constructor(model: string, next: string, version = '1.0.0') {
    super();
    this.definition = new ProbeAnalyzer(model, version, 'chain').definition;
    this.steps = [
      {
        model: next,
        maxRows: MOST_ROWS,
        prepare: (outputs, _memo, input, context) => this.second(outputs, input, context),
      },
    ];
  }

  async prepare({ values }: ProbeInput, context: PrepareContext): Promise<Prepared<readonly number[]>> {
    return preparedOf([await context.floatRow(Float32Array.from(values))], []);
  }

  interpret(outputs: OutputMap, memo: readonly number[]): AnalyzerResult {
    return { kind: 'table', data: { sent: memo, got: [...(outputs['y']?.data ?? [])].map(Number) } };
  }

  private async second(outputs: OutputMap, input: ProbeInput, context: PrepareContext) {
    this.begun.push(input.name);
    await this.beforeStep(input);
    const [count = 0, start = 0] = [...(outputs['y']?.data ?? [])].map(Number);
    const sent = Array.from({ length: count }, (_, i) => start + i);
    const rows = await context.tensorRows(sent.map((value) => Float32Array.of(value, 1)));
    return preparedOf(rows, sent);
  }
}

function preparedOf(rows: Prepared<unknown>['tensors'][string]['rows'], memo: readonly number[]) {
  return { shapeBucket: 'default', tensors: { x: { type: 'float32' as const, rowShape: [2], rows } }, memo };
}
