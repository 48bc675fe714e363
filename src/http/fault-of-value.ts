import type { FieldError } from '../common/domain-error.js';
import { isStorableText } from '../common/storable-text.js';

/** More than any request needs; beyond it, recursive validation runs out of stack and quadratic one out of time. */
const MAX_DEPTH = 32;
const MAX_MEMBERS = 1_000;
/** Names that every object has already; the validation of a DTO would drop them in silence. */
const RESERVED: ReadonlySet<string> = new Set(['__proto__', 'prototype', 'constructor']);

/**
 * The first reason why no route takes this value, whatever it expects: text that the database cannot hold, nesting or
 * objects without measure, reserved names. Null when there is none. The value comes from JSON or a query.
 */
export function faultOfValue(value: unknown, depth = 0): FieldError | null {
  if (typeof value === 'string') return isStorableText(value) ? null : BAD_TEXT;
  if (typeof value !== 'object' || value === null) return null;
  if (depth === MAX_DEPTH) return fault('too_deep', `must not be nested deeper than ${MAX_DEPTH} levels`);
  return Array.isArray(value) ? faultOfItems(value, depth) : faultOfMembers(value, depth);
}

function faultOfItems(items: readonly unknown[], depth: number): FieldError | null {
  for (const [index, item] of items.entries()) {
    const found = faultOfValue(item, depth + 1);
    if (found) return below(String(index), found);
  }
  return null;
}

function faultOfMembers(value: object, depth: number): FieldError | null {
  const names = Object.keys(value);
  if (names.length > MAX_MEMBERS) return fault('too_many', `must have at most ${MAX_MEMBERS} members`);
  for (const name of names) {
    const found = faultOfName(name) ?? faultOfValue((value as Record<string, unknown>)[name], depth + 1);
    if (found) return below(name, found);
  }
  return null;
}

function faultOfName(name: string): FieldError | null {
  if (RESERVED.has(name)) return fault('reserved_name', 'is a reserved name; choose another one');
  return isStorableText(name) ? null : BAD_TEXT;
}

function fault(code: string, message: string): FieldError {
  return { pointer: '', code, message };
}

function below(name: string, found: FieldError): FieldError {
  return { ...found, pointer: `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}${found.pointer}` };
}

const BAD_TEXT = fault('bad_text', 'must not contain NUL or half of a surrogate pair');
