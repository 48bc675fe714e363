/** Names of members whose values never go into a log. */
const SECRET_NAME =
  /pass(word|phrase)|secret|token|credential|authorization|cookie|private|apikey|api_key|hash$|sealed|^key$/i;
const MAX_DEPTH = 8;

/** A copy of a JSON value in which members that are named like a secret read `[redacted]`. */
export function withoutSecrets(value: unknown, depth = 0): unknown {
  if (depth > MAX_DEPTH) return '[cut]';
  if (Array.isArray(value)) return value.map((item) => withoutSecrets(item, depth + 1));
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  const members = Object.entries(value).map(([name, member]) => [
    name,
    member !== null && SECRET_NAME.test(name) ? '[redacted]' : withoutSecrets(member, depth + 1),
  ]);
  return Object.fromEntries(members);
}
