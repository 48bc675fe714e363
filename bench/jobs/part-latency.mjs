import { printTable } from './figures.mjs';
import { httpLatencies } from './http-latency.mjs';

/** Latency of submits over HTTP: to the 202 and to the result. */
export async function latency({ place, few, size }) {
  const { ratePerS, submitTo202, submitToResult } = await httpLatencies(place, few, size.http);
  const rows = [
    { name: 'submit to 202', 'jobs/s': ratePerS, ...submitTo202 },
    { name: 'submit to result (Prefer: wait)', 'jobs/s': ratePerS, ...submitToResult },
  ];
  printTable('Latency over HTTP, one api process, no-op engine, ms', rows);
  return { rows, verdicts: [] };
}
