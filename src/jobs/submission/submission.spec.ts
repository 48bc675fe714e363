import { describe, expect, it } from 'vitest';
import type { FieldError } from '../../common/domain-error.js';
import { isMetadata } from '../dto/metadata.validator.js';
import { binaryArray } from '../../database/array-parameters.js';
import { canonicalJson, digestOf } from '../../common/canonical-json.js';
import { decodeDataUri } from './data-uri.js';
import { deadlineOf } from './deadline.js';
import { faultsOfFile } from './file-fit.js';

describe('canonical JSON', () => {
  it('is the same for equal values and differs for others', () => {
    expect(canonicalJson({ b: [1, { d: null, c: 'é' }], a: undefined })).toBe('{"b":[1,{"c":"é","d":null}]}');
    expect(digestOf({ a: 1, b: 2 })).toBe(digestOf({ b: 2, a: 1 }));
    expect(digestOf({ a: '1' })).not.toBe(digestOf({ a: 1 }));
    expect(digestOf({ a: 1 })).toMatch(/^sha256:[0-9a-f]{64}$/);
  });
});

describe('binary arrays', () => {
  it('writes header, elements and nulls', () => {
    const bytes = binaryArray('text', ['é', null]);
    expect(bytes.toString('hex')).toBe('000000010000000100000019000000020000000100000002c3a9ffffffff');
  });
});

describe('data URIs', () => {
  it('decodes base64 only, up to the limit', () => {
    expect(decodeDataUri('data:image/png;base64,aGk=')).toEqual(Buffer.from('hi'));
    expect(decodeDataUri('data:text/plain,hi')).toBe('bad_format');
    expect(decodeDataUri('data:image/png;base64,')).toBe('bad_format');
    expect(decodeDataUri(`data:;base64,${Buffer.alloc(262_145).toString('base64')}`)).toBe('too_large');
  });
});

describe('deadlines', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  it('takes the earlier limit', () => {
    const faults: FieldError[] = [];
    expect(deadlineOf(null, null, now, faults)).toBeNull();
    expect(deadlineOf('2026-01-01T00:01:00Z', 30_000, now, faults)).toEqual(new Date(now + 30_000));
    expect(deadlineOf('2026-01-01T00:00:10+00:00', 30_000, now, faults)).toEqual(new Date(now + 10_000));
    expect(faults).toEqual([]);
  });
  it('refuses the past and dates that do not exist', () => {
    const faults: FieldError[] = [];
    deadlineOf('2025-12-31T23:59:59Z', null, now, faults);
    deadlineOf('2026-99-01T00:00:00Z', null, now, faults);
    deadlineOf('2026-02-30T00:00:00Z', null, now, faults);
    deadlineOf('9999-12-31T23:59:59-23:59', null, now, faults);
    expect(faults.map((f) => f.code)).toEqual(['in_the_past', 'bad_format', 'bad_format', 'bad_format']);
  });
});

describe('files and their fields', () => {
  it('names every fault', () => {
    const rule = { accept: ['image/png'], maxBytes: 10, maxPixels: 100 };
    const facts = { mimeType: 'text/plain', sizeBytes: 11, width: 20, height: 20 };
    expect(faultsOfFile('/input/image', facts, rule).map((f) => f.code)).toEqual([
      'unsupported_type',
      'too_large',
      'too_many_pixels',
    ]);
    expect(faultsOfFile('/x', { mimeType: 'image/png', sizeBytes: 10, width: 10, height: 10 }, rule)).toEqual([]);
  });
});

describe('metadata', () => {
  it('takes 16 short pairs that the database can hold', () => {
    const pairs = (n: number) => Object.fromEntries(Array.from({ length: n }, (_, i) => [`k${i}`, 'v']));
    expect(isMetadata(pairs(16))).toBe(true);
    for (const bad of [pairs(17), { '': 'v' }, { k: 1 }, { k: 'x'.repeat(257) }, { ['k'.repeat(65)]: '' }, [], null]) {
      expect(isMetadata(bad)).toBe(false);
    }
    expect(isMetadata({ k: 'NUL \0' })).toBe(false);
    expect(isMetadata({ k: '\ud800' })).toBe(false);
  });
});
