import { describe, expect, it } from 'vitest';
import type { Transition } from '../transition.js';
import { firstStartMs } from './first-start.js';

const at = (second: number) => new Date(Date.UTC(2026, 10, 23, 2, 0, second)).toISOString();
const row = (type: string, attempt: number, second: number, stage?: string) =>
  ({ type, attempt, at: at(second), ...(stage ? { stage } : {}) }) as Transition;

describe('the start of a job', () => {
  it('is that of the first inference batch of its last attempt', () => {
    const first = [row('job.queued', 0, 0), row('job.started', 1, 1), row('stage.completed', 1, 2, 'batch')];
    expect(firstStartMs(first)).toBe(Date.parse(at(2)));
    const requeued = [...first, row('job.requeued', 1, 3), row('job.started', 2, 4)];
    expect(firstStartMs(requeued)).toBeNull();
    const steps = [row('stage.completed', 2, 5, 'prepare'), row('stage.completed', 2, 6, 'batch')];
    const chain = [...requeued, ...steps, row('stage.completed', 2, 9, 'batch'), row('job.succeeded', 2, 10)];
    expect(firstStartMs(chain)).toBe(Date.parse(at(6)));
    expect(firstStartMs([])).toBeNull();
  });
});
