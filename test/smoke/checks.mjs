// A list of checks that run in order: each prints its seconds; a failed one does not hide the next.
import fs from 'node:fs';

/** Collects what passed and failed. `report` is where the counts are written, in the shape of vitest's JSON reporter. */
export class Checks {
  passed = 0;
  failed = 0;
  failures = [];

  async check(name, work) {
    const began = performance.now();
    try {
      const note = await work();
      this.passed += 1;
      console.log(` ✓ ${name}${note ? `: ${note}` : ''} (${seconds(began)} s)`);
    } catch (error) {
      this.failed += 1;
      this.failures.push(
        ` ✗ ${name} (${seconds(began)} s)\n   ${String(error?.message ?? error).replaceAll('\n', '\n   ')}`,
      );
      console.log(this.failures.at(-1));
    }
  }

  /** Prints the totals under `name`; returns the exit code. */
  finish(report, name = 'smoke') {
    const counts = { numPassedTests: this.passed, numFailedTests: this.failed, numPendingTests: 0 };
    if (report) fs.writeFileSync(report, JSON.stringify(counts));
    if (this.failed > 0) console.log(['Failed:', ...this.failures].join('\n'));
    console.log(`${name}: ${this.passed} passed, ${this.failed} failed`);
    return this.failed === 0 && this.passed > 0 ? 0 : 1;
  }
}

/** Looks until `look` gives something truthy; bounded. */
export async function until(what, look, timeoutMs = 30_000) {
  const end = performance.now() + timeoutMs;
  let last;
  do {
    try {
      const value = await look();
      if (value) return value;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  } while (performance.now() < end);
  throw new Error(`waited ${timeoutMs / 1000} s in vain for ${what}`, { cause: last });
}

function seconds(since) {
  return ((performance.now() - since) / 1000).toFixed(1);
}
