import type { OutputMap } from '../inference/tensor.js';
import { Analyzer, type PrepareContext, type Prepared } from './analyzer.js';

/** A further model of a chain, and how its rows come out of what the model before it found. */
export interface ChainStep<Input, Memo> {
  /** Name of the model. */
  readonly model: string;
  /** Most rows that `prepare` gives; an analyzer that finds more keeps the best and says so (see `strongest`). */
  readonly maxRows: number;
  /**
   * Turns the outputs of the step before into rows, none when there is nothing to look at. Every row runs as an item of
   * its own, so rows of many jobs share inference batches. The rows of the step before are given back already: a step
   * asks for all of its rows at once, because jobs that hold some while they wait for others could wait for each other.
   */
  prepare(outputs: OutputMap, memo: Memo, input: Input, context: PrepareContext): Promise<Prepared<Memo>>;
}

/**
 * Several models in a row, for example: find, then classify each find. `prepare` and `definition.model` are the first
 * step's, `steps` are the others. `interpret` gets the outputs of the last step, axis 0 in the order of its rows; an empty
 * map when it had none.
 */
export abstract class ChainAnalyzer<Input = never, Memo = unknown> extends Analyzer<Input, Memo> {
  abstract readonly steps: readonly ChainStep<Input, Memo>[];
}

/** The steps after the first; none unless the analyzer is a chain. */
export function laterStepsOf(analyzer: Analyzer<never, unknown>): readonly ChainStep<never, unknown>[] {
  return analyzer instanceof ChainAnalyzer ? analyzer.steps : [];
}

/** Names of the models of an analyzer, in the order of its steps. */
export function modelNamesOf(analyzer: Analyzer<never, unknown>): readonly string[] {
  return [analyzer.definition.model, ...laterStepsOf(analyzer).map(({ model }) => model)];
}
