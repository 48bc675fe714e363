import { describe, expect, it } from 'vitest';
import { BLANK, DIGIT_CLASSES, readRuns } from './runs.js';

/** One column per character; `.` is blank. Every column is this sure of its class. */
function columns(text: string, sure = 0.9): Float32Array {
  const data = new Float32Array(text.length * DIGIT_CLASSES).fill((1 - sure) / (DIGIT_CLASSES - 1));
  [...text].forEach((c, column) => (data[column * DIGIT_CLASSES + (c === '.' ? BLANK : Number(c))] = sure));
  return data;
}

const read = (text: string, threshold = 0.3): string =>
  readRuns(columns(text), text.length, threshold)
    .map((run) => run.digit)
    .join('');

describe('readRuns', () => {
  it('reads one digit per run and keeps equal neighbours apart', () => {
    expect(read('.11.22..2.')).toBe('122');
  });

  it('reads runs at both edges', () => {
    expect(read('77....3')).toBe('73');
  });

  it('reads nothing from blanks', () => {
    expect(read('......')).toBe('');
  });

  it('settles a run with mixed columns by the largest sum', () => {
    expect(read('.3888.')).toBe('8');
  });

  it('gives the columns of a run and the mean confidence', () => {
    expect(readRuns(columns('.44..', 0.8), 5, 0)).toEqual([
      { digit: 4, confidence: expect.closeTo(0.8, 5), from: 1, to: 3 },
    ]);
  });

  it('drops runs below the threshold', () => {
    expect(readRuns(columns('.44..', 0.8), 5, 0.81)).toEqual([]);
  });
});
