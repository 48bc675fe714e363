import { printTable } from './table.mjs';

/**
 * What the check found, one line each: `passed`, `failed`, or `not here` for what this host does not have. The host
 * passes when nothing failed and something passed.
 */
export class Verdicts {
  rows = [];

  /** @param note figures of what passed, the reason otherwise */
  add(part, what, verdict, note = '') {
    this.rows.push({ part, what, verdict, note });
  }

  get isGood() {
    return this.count('failed') === 0 && this.count('passed') > 0;
  }

  count(verdict) {
    return this.rows.filter((row) => row.verdict === verdict).length;
  }

  print() {
    printTable('Verdicts', this.rows);
    const counts = ['passed', 'failed', 'not here'].map((verdict) => `${this.count(verdict)} ${verdict}`).join(', ');
    console.log(`\n${this.isGood ? 'PASSED' : 'FAILED'}: ${counts}`);
  }
}
