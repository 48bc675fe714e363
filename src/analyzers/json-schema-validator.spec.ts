import { describe, expect, it } from 'vitest';
import { DIGIT_READER } from './digit-reader/digit-reader.definition.js';
import { JsonSchemaValidator } from './json-schema-validator.js';
import { SIGNAL_ANOMALY } from './signal-anomaly/signal-anomaly.definition.js';
import { SURFACE_INSPECTION } from './surface-inspection/surface-inspection.definition.js';

const surface = new JsonSchemaValidator(SURFACE_INSPECTION.inputSchema);
const digits = new JsonSchemaValidator(DIGIT_READER.inputSchema);
const signal = new JsonSchemaValidator(SIGNAL_ANOMALY.inputSchema);
const fileId = 'file_01m8323f50ecdtnmz19wr9rz7h';
const values = new Array<number>(64).fill(1);

describe('JsonSchemaValidator', () => {
  it('accepts what the analyzers take', () => {
    expect(surface.faultsOf({ image: { fileId } })).toEqual([]);
    expect(surface.faultsOf({ image: { dataUri: 'data:image/png;base64,AA==' }, threshold: 0.7 })).toEqual([]);
    expect(digits.faultsOf({ image: { fileId }, threshold: 1 })).toEqual([]);
    expect(signal.faultsOf({ values, sampleRate: 50 })).toEqual([]);
    expect(signal.faultsOf({ file: { fileId } })).toEqual([]);
  });

  it('points at a missing field', () => {
    expect(surface.faultsOf({})).toEqual([{ pointer: '/image', code: 'required', message: 'is required' }]);
  });

  it('points at an unknown field and escapes its name', () => {
    const faults = surface.faultsOf({ image: { fileId }, 'a/b~c': 1 });
    expect(faults).toEqual([
      { pointer: '/a~1b~0c', code: 'unknown_property', message: 'is not a field of this analyzer' },
    ]);
  });

  it('reports every fault at once', () => {
    const faults = surface.faultsOf({ image: { fileId: 'nonsense' }, threshold: 2 });
    expect(faults).toContainEqual({ pointer: '/threshold', code: 'too_large', message: 'must be at most 1' });
    expect(faults).toContainEqual(expect.objectContaining({ pointer: '/image/fileId', code: 'bad_format' }));
    expect(faults).toHaveLength(2);
  });

  it('does not turn strings into numbers', () => {
    expect(surface.faultsOf({ image: { fileId }, threshold: '0.5' })).toEqual([
      { pointer: '/threshold', code: 'wrong_type', message: 'must be of type number' },
    ]);
  });

  it.each([
    ['neither', {}],
    ['both', { values, file: { fileId } }],
  ])('gives one fault for %s of two alternatives', (_, input) => {
    expect(signal.faultsOf(input)).toEqual([
      { pointer: '', code: 'one_of', message: 'must give exactly one of values, file' },
    ]);
  });

  it('gives one fault for a file that is neither an id nor a data URI', () => {
    expect(surface.faultsOf({ image: {} })).toEqual([
      { pointer: '/image', code: 'one_of', message: 'must give exactly one of fileId, dataUri, url' },
    ]);
  });

  it('points into arrays and bounds their length', () => {
    const broken = [...values.slice(1), 'x'];
    expect(signal.faultsOf({ values: broken })[0]).toMatchObject({ pointer: '/values/63', code: 'wrong_type' });
    expect(signal.faultsOf({ values: [1] })[0]).toMatchObject({ pointer: '/values', code: 'too_few' });
    expect(signal.faultsOf({ values: new Array(4097).fill(0) })[0]).toMatchObject({ code: 'too_many' });
  });

  it.each([[null], [[]], ['text']])('refuses %j as an input', (input) => {
    expect(surface.faultsOf(input)[0]).toMatchObject({ pointer: '', code: 'wrong_type' });
  });
});
