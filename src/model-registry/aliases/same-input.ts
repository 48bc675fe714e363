import type { ObjectSchema } from '../../analyzers/analyzer.js';
import { canonicalJson } from '../../common/canonical-json.js';

/** Words and defaults do not decide which inputs are valid. */
const WORDS = new Set(['description', 'default', 'title']);

/** True when exactly the same inputs are valid: jobs that were checked against one schema may then meet the other. */
export function acceptsSameInput(one: ObjectSchema, other: ObjectSchema): boolean {
  return canonicalJson(bare(one)) === canonicalJson(bare(other));
}

function bare(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(bare);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([key]) => !WORDS.has(key));
  return Object.fromEntries(kept.map(([key, inner]) => [key, bare(inner)]));
}
