const UNIQUE_VIOLATION = '23505';

/** True when a statement failed because another row has the key already. */
export function isTaken(error: unknown): boolean {
  return (error as { code?: unknown }).code === UNIQUE_VIOLATION;
}
