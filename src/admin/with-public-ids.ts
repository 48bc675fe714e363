import { type IdKind, publicId } from '../common/ids.js';

const KINDS: Readonly<Record<string, IdKind>> = { id: 'tenant', memberId: 'member', apiKeyId: 'apiKey' };

/** A copy of a JSON document whose ids of tenants (`id`), members and API keys are public ones. */
export function withPublicIds<T>(value: T): T {
  if (Array.isArray(value)) return value.map(withPublicIds) as T;
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([name, member]) => {
    const kind = KINDS[name];
    return [name, kind && typeof member === 'string' ? publicId(kind, member) : withPublicIds(member as unknown)];
  });
  return Object.fromEntries(members) as T;
}
