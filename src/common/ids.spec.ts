import { randomUUID } from 'node:crypto';
import { TypeID } from 'typeid-js';
import { describe, expect, it } from 'vitest';
import { newUuid, publicId, uuidOf } from './ids.js';

const V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('ids', () => {
  it('makes uuids of version 7 that begin with the instant and follow each other', () => {
    const before = Date.now();
    const ids = Array.from({ length: 20_000 }, newUuid);
    expect(ids.every((id) => V7.test(id))).toBe(true);
    expect(ids).toEqual([...ids].sort());
    expect(new Set(ids).size).toBe(ids.length);
    const at = parseInt(ids[0]!.slice(0, 8) + ids[0]!.slice(9, 13), 16);
    expect(at).toBeGreaterThanOrEqual(before);
  });

  it('writes the form of the TypeID library, and reads it', () => {
    const edges = ['00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff'];
    for (const uuid of [...edges, ...Array.from({ length: 1_000 }, () => randomUUID() as string)]) {
      const id = publicId('job', uuid);
      expect(id).toBe(TypeID.fromUUID('job', uuid).toString());
      expect(uuidOf('job', id)).toBe(uuid);
    }
  });

  it.each([
    'job_01m8323e5rfbnv28231hc5mh2',
    'job_01m8323e5rfbnv28231hc5mh2zz',
    'job_81m8323e5rfbnv28231hc5mh2z',
    'job_01m8323e5rfbnv28231hc5mh2u',
    'job_01M8323E5RFBNV28231HC5MH2Z',
    'job_01m8323e5rfbnv28231hc5mh2é',
    'file_01m8323f50ecdtnmz19wr9rz7h',
    'job01m8323e5rfbnv28231hc5mh2z',
    '',
  ])('takes %j for no id of a job', (text) => expect(uuidOf('job', text)).toBeNull());
});
