import type { Workload } from '../workloads/workload.js';
import type { Results } from './results.js';
import { medianOf, type Verdict } from './verdict.js';

/** Prints rows in aligned columns under a title. */
export function printTable(title: string, rows: readonly (readonly string[])[]): void {
  console.log(`\n${title}`);
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  for (const row of rows) {
    const cells = row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)));
    console.log(`  ${cells.join('  ')}`);
  }
}

/** One table per workload: a row per policy, a column per cell and figure, each worst/median over the seeds. */
export function printResults(workload: Workload, results: Results, policies: readonly string[], seeds: number): void {
  const cells = workload.cells.filter((cell) => policies.some((policy) => results.of(cell, policy).length > 0));
  const heads = cells.flatMap((cell) => workload.columns.map(({ title }) => [cell, title].filter(Boolean).join(' ')));
  const rows = policies
    .filter((policy) => cells.some((cell) => results.of(cell, policy).length > 0))
    .map((policy) => [policy, ...cells.flatMap((cell) => rowCells(workload, results, cell, policy))]);
  const note = seeds > 1 ? `worst/median of ${seeds} seeds` : 'one seed';
  const perCell = workload.columns.length > 1 && cells.length > 1;
  if (!perCell) {
    printTable(`${workload.id}  ${workload.title} (${note})`, [['policy', ...heads], ...rows]);
    return;
  }
  const width = workload.columns.length;
  cells.forEach((cell, i) => {
    const part = rows.map((row) => [row[0] ?? '', ...row.slice(1 + i * width, 1 + (i + 1) * width)]);
    const head = ['policy', ...workload.columns.map(({ title }) => title)];
    printTable(`${workload.id}  ${workload.title}: ${cell} (${note})`, [head, ...part]);
  });
}

/** The bars of all workloads. */
export function printVerdicts(verdicts: readonly Verdict[]): void {
  const rows = verdicts.map(({ name, wanted, worst, median, isMet }) => {
    return [name, wanted, short(worst), short(median), isMet ? 'met' : 'NOT met'];
  });
  if (rows.length > 0) printTable('Bars for fairfit', [['bar', 'wanted', 'worst', 'median', 'verdict'], ...rows]);
}

function rowCells(workload: Workload, results: Results, cell: string, policy: string): string[] {
  return workload.columns.map(({ figure, digits, worst }) => {
    const values = results.values(cell, policy, figure);
    if (values.every((value) => Number.isNaN(value))) return '-';
    const least = worst === 'least' ? Math.min(...values) : Math.max(...values);
    const text = least.toFixed(digits);
    return values.length === 1 ? text : `${text}/${medianOf(values).toFixed(digits)}`;
  });
}

function short(value: number): string {
  return Number.isNaN(value) ? '-' : String(Number(value.toPrecision(4)));
}
