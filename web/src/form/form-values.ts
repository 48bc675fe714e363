import type { MessageKey } from '../i18n/ko.js';
import type { FormField } from './form-fields.js';

/** What stands in the controls: text as typed, a chosen file, or nothing. */
export type FormValues = Readonly<Record<string, string | boolean | File | null>>;

/** A fault of one field, to be told in the visitor's language. */
export interface FormFault {
  readonly key: MessageKey;
  readonly values?: Readonly<Record<string, string | number>>;
}

/** What can be sent, or what has to be corrected first. */
export type FormOutcome =
  | { readonly ok: true; readonly input: Record<string, unknown>; readonly files: ReadonlyMap<string, File> }
  | { readonly ok: false; readonly faults: Readonly<Record<string, FormFault>> };

type Read = { readonly value?: unknown; readonly file?: File; readonly fault?: FormFault };

/** Numbers in pasted text or CSV: commas, semicolons, white space and line breaks separate them. */
export function parseNumbers(text: string): { readonly values: number[]; readonly notNumber: string | null } {
  const parts = text.split(/[\s,;]+/).filter((part) => part !== '');
  const values = parts.map(Number);
  const wrong = values.findIndex((value) => !Number.isFinite(value));
  return wrong < 0 ? { values, notNumber: null } : { values: [], notNumber: parts[wrong] ?? '' };
}

/** The values of the controls at the start. */
export function initialValues(fields: readonly FormField[]): FormValues {
  return Object.fromEntries(
    fields.map((field) => {
      if (field.kind === 'file') return [field.name, null];
      if (field.kind === 'flag') return [field.name, field.byDefault];
      if (field.kind === 'number' || field.kind === 'choice') return [field.name, String(field.byDefault ?? '')];
      return [field.name, ''];
    }),
  );
}

function readNumber(field: FormField & { kind: 'number' }, text: string): Read {
  const value = Number(text);
  if (!Number.isFinite(value) || (field.isInteger && !Number.isInteger(value)))
    return { fault: { key: 'field.number' } };
  const [min, max] = [field.min ?? Number.NEGATIVE_INFINITY, field.max ?? Number.POSITIVE_INFINITY];
  if (value >= min && value <= max) return { value };
  return { fault: { key: 'field.range', values: { min: field.min ?? '−∞', max: field.max ?? '∞' } } };
}

function readNumbers(field: FormField & { kind: 'numbers' }, text: string): Read {
  const { values, notNumber } = parseNumbers(text);
  if (notNumber !== null) return { fault: { key: 'field.notNumber', values: { text: notNumber.slice(0, 20) } } };
  const count = values.length;
  if (count < field.minItems) return { fault: { key: 'field.tooFew', values: { min: field.minItems, count } } };
  if (field.maxItems !== null && count > field.maxItems) {
    return { fault: { key: 'field.tooMany', values: { max: field.maxItems, count } } };
  }
  return { value: values };
}

function readField(field: FormField, value: FormValues[string] | undefined): Read {
  if (value instanceof File) return { file: value };
  if (typeof value === 'boolean') return { value };
  const text = (value ?? '').trim();
  if (text === '') return field.isRequired ? { fault: { key: 'field.required' } } : {};
  if (field.kind === 'number') return readNumber(field, text);
  if (field.kind === 'numbers') return readNumbers(field, text);
  return { value: text };
}

/** Checks the controls and builds the input of a job; files stay beside it. */
export function readForm(fields: readonly FormField[], values: FormValues): FormOutcome {
  const input: Record<string, unknown> = {};
  const files = new Map<string, File>();
  const faults: Record<string, FormFault> = {};
  for (const field of fields) {
    const { value, file, fault } = readField(field, values[field.name]);
    if (fault) faults[field.name] = fault;
    else if (file) files.set(field.name, file);
    else if (value !== undefined) input[field.name] = value;
  }
  return Object.keys(faults).length ? { ok: false, faults } : { ok: true, input, files };
}

/** Whether a chosen file fits the rule, by its name's type and size; the server looks at the content. */
export function fileFault(file: File, accept: readonly string[], maxBytes: number): 'file.type' | 'file.size' | null {
  const isText = /\.(csv|txt)$/i.test(file.name) && accept.some((type) => type.startsWith('text/'));
  if (!accept.includes(file.type) && !isText) return 'file.type';
  return file.size > maxBytes ? 'file.size' : null;
}
