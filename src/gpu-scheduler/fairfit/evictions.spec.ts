import { describe, expect, it } from 'vitest';
import { DeviceState } from './device-state.js';
import { victimsFor } from './evictions.js';
import { Work } from './work.js';

function device(copies: readonly { readonly id: string; readonly lastUseMs: number; readonly isPinned?: boolean }[]) {
  const state = new DeviceState('d', 0, new Work());
  state.memoryBytes = 300;
  for (const { id, lastUseMs, isPinned = false } of copies) {
    const copy = { modelVersionId: id, bytes: 100, isPinned, lastUseMs, unpaidMs: 0, hasRun: true, isLeaving: false };
    state.resident.set(id, copy);
  }
  return state;
}

const FULL = [
  { id: 'a', lastUseMs: 30 },
  { id: 'b', lastUseMs: 10 },
  { id: 'c', lastUseMs: 20 },
];

describe('victimsFor', () => {
  it('needs nobody while there is room', () => {
    expect(victimsFor(device(FULL.slice(1)), 100, 50, 100)).toEqual({ victims: [] });
  });

  it('takes the least recently used, as many as the bytes need', () => {
    expect(victimsFor(device(FULL), 100, 50, 100)).toMatchObject({ victims: [{ modelVersionId: 'b' }] });
    expect(victimsFor(device(FULL), 200, 50, 100)).toMatchObject({
      victims: [{ modelVersionId: 'b' }, { modelVersionId: 'c' }],
    });
  });

  it('waits for victims that were used a moment ago', () => {
    expect(victimsFor(device(FULL), 200, 50, 65)).toEqual({ retryAtMs: 70 });
  });

  it('never takes a pinned copy, and says when nothing helps', () => {
    const pinned = FULL.map((copy) => ({ ...copy, isPinned: copy.id !== 'a' }));
    expect(victimsFor(device(pinned), 100, 0, 100)).toMatchObject({ victims: [{ modelVersionId: 'a' }] });
    expect(victimsFor(device(pinned), 200, 0, 100)).toBeNull();
  });
});
