import { expect, test } from 'vitest';
import { DIGIT_READER } from '../../../src/analyzers/digit-reader/digit-reader.definition.js';
import { SIGNAL_ANOMALY } from '../../../src/analyzers/signal-anomaly/signal-anomaly.definition.js';
import { formShape } from './form-fields.js';
import { fileFault, initialValues, parseNumbers, readForm } from './form-values.js';

const picture = formShape(DIGIT_READER.inputSchema);
const signal = formShape(SIGNAL_ANOMALY.inputSchema);
const png = new File(['x'], 'a.png', { type: 'image/png' });

test('the form of a picture analyzer: a required file, then a number with its limits and default', () => {
  expect(picture.alternatives).toEqual([]);
  expect(picture.fields).toMatchObject([
    { name: 'image', kind: 'file', isRequired: true, rule: { accept: ['image/jpeg', 'image/png', 'image/webp'] } },
    { name: 'threshold', kind: 'number', isRequired: false, min: 0, max: 1 },
  ]);
});

test('the form of the signal analyzer: a file or pasted values', () => {
  expect(signal.alternatives.map((f) => [f.name, f.kind, f.isRequired])).toEqual([
    ['file', 'file', true],
    ['values', 'numbers', true],
  ]);
  expect(signal.fields.map((f) => f.name)).toEqual(['sampleRate', 'threshold']);
});

test('a filled form becomes an input and files', () => {
  const values = { ...initialValues(picture.fields), image: png };
  const outcome = readForm(picture.fields, values);
  expect(outcome).toMatchObject({ ok: true, input: { threshold: expect.any(Number) } });
  expect(outcome.ok && [...outcome.files.keys()]).toEqual(['image']);
});

test.each([
  ['no file', picture.fields, {}, 'image', 'field.required'],
  ['a word as threshold', picture.fields, { image: png, threshold: 'high' }, 'threshold', 'field.number'],
  ['a threshold of 2', picture.fields, { image: png, threshold: '2' }, 'threshold', 'field.range'],
  ['few values', signal.alternatives.slice(1), { values: '1 2 3' }, 'values', 'field.tooFew'],
  ['many values', signal.alternatives.slice(1), { values: '1 '.repeat(5000) }, 'values', 'field.tooMany'],
  ['words among values', signal.alternatives.slice(1), { values: '1 two 3' }, 'values', 'field.notNumber'],
] as const)('%s is a fault of %5$s', (_, fields, values, name, key) => {
  const outcome = readForm(fields, values);
  expect(!outcome.ok && outcome.faults[name]?.key).toBe(key);
});

test('an empty optional number is left out', () => {
  expect(readForm(signal.fields, { sampleRate: ' ', threshold: '' })).toMatchObject({ ok: true, input: {} });
});

test('numbers may be separated by anything people paste', () => {
  expect(parseNumbers('1, 2.5;-3\n4e-1\t5\r\n')).toEqual({ values: [1, 2.5, -3, 0.4, 5], notNumber: null });
  expect(parseNumbers('')).toEqual({ values: [], notNumber: null });
});

test('files are checked by type and size; a CSV without a type by its name', () => {
  expect(fileFault(png, ['image/png'], 1)).toBeNull();
  expect(fileFault(png, ['image/png'], 0)).toBe('file.size');
  expect(fileFault(png, ['text/csv'], 9)).toBe('file.type');
  expect(fileFault(new File(['1'], 'a.CSV'), ['text/csv'], 9)).toBeNull();
});
