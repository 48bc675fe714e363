import { describe, expect, it } from 'vitest';
import type { Stage, Transition, TransitionType } from '../transition.js';
import { chainPosition } from './chain-position.js';

const row = (stage: Stage, number: number | null, items = 1, type: TransitionType = 'stage.completed'): Transition => ({
  seq: 1,
  attempt: 1,
  status: 'running',
  type,
  at: '2026-11-23T02:00:01.000Z',
  stage,
  ...(number ? { step: { number, of: 2, items } } : {}),
});
const FIRST = [row('prepare', 1), row('batch', 1), row('infer', 1)];
const at = (...rows: Transition[]) => {
  const position = chainPosition(rows);
  return position && [position.stage, position.isLast, Math.round(position.share * 7)];
};

describe('where an attempt is in a chain of two models', () => {
  it('is unknown for one model', () => {
    expect(at(row('prepare', null), row('batch', null))).toBeNull();
    expect(at()).toBeNull();
  });

  it('goes through the stages once for each model', () => {
    const second = [row('prepare', 2, 3), row('batch', 2, 3), row('infer', 2, 3)];
    const places = [...FIRST, ...second, row('interpret', null)].map((_, i, rows) => at(...rows.slice(0, i + 1)));
    expect(places).toEqual([
      ['batch', false, 1],
      ['infer', false, 2],
      ['prepare', true, 3],
      ['batch', true, 4],
      ['infer', true, 5],
      ['interpret', true, 6],
      [null, true, 7],
    ]);
  });

  it('waits until the items of all inference batches are through', () => {
    const rows = [...FIRST, row('prepare', 2, 3), row('batch', 2, 2)];
    expect(at(...rows)).toEqual(['batch', true, 4]);
    expect(at(...rows, row('infer', 2, 2))).toEqual(['batch', true, 4]);
    expect(at(...rows, row('infer', 2, 2), row('batch', 2, 1))).toEqual(['infer', true, 5]);
    expect(at(...rows, row('infer', 2, 2), row('batch', 2, 1), row('infer', 2, 1))).toEqual(['interpret', true, 6]);
  });

  it('passes a step that had nothing to run', () => {
    expect(at(...FIRST, row('prepare', 2, 0), row('infer', 2, 0, 'stage.skipped'))).toEqual(['interpret', true, 6]);
  });

  it('stays at the stage that failed', () => {
    expect(at(...FIRST, row('prepare', 2, 3), row('infer', 2, 0, 'stage.failed'))).toEqual(['batch', true, 4]);
  });
});
