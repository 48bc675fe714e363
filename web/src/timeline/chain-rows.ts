import { STAGES, type StageName, type Transition } from '../api/types.js';

/** A line of the timeline: a stage, in a chain of models that of one of them. */
interface Place {
  readonly name: StageName;
  /** From 1; null for an analyzer with one model, and for the stage after the last one. */
  readonly model: number | null;
}

/** The lines of an attempt: each stage once, in a chain of models once for each of them. */
export function placesOf(rows: readonly Transition[]): Place[] {
  const models = rows.find((row) => row.step)?.step?.of;
  if (!models) return STAGES.map((name) => ({ name, model: null }));
  const ofEach = STAGES.filter((name) => name !== 'interpret');
  const numbers = Array.from({ length: models }, (_, i) => i + 1);
  return [
    ...numbers.flatMap((model) => ofEach.map((name) => ({ name, model }))),
    { name: 'interpret' as const, model: null },
  ];
}

/**
 * What was reported of a line; undefined while it is not over. The items of a model may run in several inference batches,
 * with a row for each: they become one from the first beginning to the last end.
 */
export function reported(name: StageName, model: number | null, rows: readonly Transition[]): Transition | undefined {
  const own = rows.filter((row) => row.type.startsWith('stage.') && (row.step?.number ?? null) === model);
  const skipped = own.find((row) => row.type === 'stage.skipped');
  if (skipped && name !== 'prepare') return { ...skipped, stage: name };
  const named = own.filter((row) => row.stage === name);
  const last = named.at(-1);
  if (!last || model === null || last.type !== 'stage.completed') return last;
  const items = own.find((row) => row.stage === 'prepare')?.step?.items ?? 0;
  if (named.reduce((sum, row) => sum + (row.step?.items ?? 0), 0) < items) return undefined;
  if (named.length === 1) return last;
  const entered = named.map((row) => row.enteredAt ?? row.at).sort();
  const enteredAt = entered[0] ?? last.at;
  return { ...last, enteredAt, durationMs: Date.parse(last.at) - Date.parse(enteredAt) };
}
