import { expect, it } from 'vitest';
import { DatabaseSnapshot } from './database-snapshot.js';

it('saw what had ended before it', () => {
  const snapshot = new DatabaseSnapshot('100:105:100,103');
  const saw = ['99', '100', '101', '102', '103', '104', '105', '18446744073709551615'].filter((xid) =>
    snapshot.saw(xid),
  );
  expect(saw).toEqual(['99', '101', '102', '104']);
});

it('reads a snapshot with nothing running', () => {
  expect(new DatabaseSnapshot('7:7:').saw('6')).toBe(true);
  expect(new DatabaseSnapshot('7:7:').saw('7')).toBe(false);
});
