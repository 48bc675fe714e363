/**
 * Runs checks one after the other; a failed one does not hide the next. A check is `{ name, run(subject) }`.
 * Returns `{ name, ms, why }` for each, `why` null when it passed.
 */
export async function runChecks(checks, subject) {
  const results = [];
  for (const { name, run } of checks) {
    const from = performance.now();
    let why = null;
    try {
      await run(subject);
    } catch (error) {
      why = String(error?.message ?? error);
    }
    results.push({ name, ms: Math.round(performance.now() - from), why });
  }
  return results;
}
