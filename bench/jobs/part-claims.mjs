import { ClaimBench, interleaved } from './claims.mjs';
import { latencies, printTable, rounded, verdict } from './figures.mjs';
import { loadHistory } from './history.mjs';
import { makePlace } from './place.mjs';
import { storeTenants } from './tenants.mjs';

const BACKLOG = 10_000;
const FLOOD = 100_000;

/** Claims with little and much history, and beside a tenant with a flood of jobs. */
export async function claims({ server, size }) {
  const rooms = [];
  for (const count of size.histories) rooms.push(await room(server, count));
  const rows = [];
  for (const tenants of ['few', 'many']) {
    for (const { bench, ...lists } of rooms) await bench.fill(lists[tenants], BACKLOG);
    const runs = rooms.map(
      ({ bench, ...lists }) =>
        () =>
          bench.claim(lists[tenants]),
    );
    const times = await interleaved(runs, size.claims);
    rooms.forEach(({ count, ...lists }, i) =>
      rows.push({ history: count.toLocaleString('en'), tenants: lists[tenants].length, ...latencies(times[i]) }),
    );
  }
  rooms.push(await room(server, size.histories[0], 'beside_flood'));
  const flooded = await flood(rooms.at(0), rooms.at(-1), size.claims);
  for (const { bench, place } of rooms) await bench.close().then(() => place.close());
  return report([...rows, ...flooded], size.histories.length);
}

async function room(server, count, name = `history_${count}`) {
  const place = await makePlace(server, name);
  const few = await storeTenants(place.client, 20);
  const many = await storeTenants(place.client, 200);
  const from = performance.now();
  await loadHistory(place.client, [...few, ...many], count);
  console.log(`loaded ${count.toLocaleString('en')} ended jobs in ${Math.round((performance.now() - from) / 1_000)} s`);
  return { count, place, few, many, bench: new ClaimBench(place) };
}

/** Claims of 19 tenants whose neighbour has nothing, and, in turn with them in a like database, has 100,000 jobs queued. */
async function flood(calm, beside, samples) {
  for (const { bench, few } of [calm, beside]) await bench.fill(few.slice(1), BACKLOG);
  await beside.bench.add(beside.few.slice(0, 1), FLOOD);
  const runs = [
    () => calm.bench.claim(calm.few.slice(1)),
    () => beside.bench.claim(beside.few.slice(1)),
    () => beside.bench.claim(beside.few),
  ];
  const times = await interleaved(runs, samples);
  const names = ['19', '19, beside 100,000 jobs of another', '19 and the one with 100,000'];
  const history = calm.count.toLocaleString('en');
  return names.map((tenants, i) => ({ history, tenants, ...latencies(times[i]) }));
}

function report(rows, histories) {
  printTable('Claim of 200 jobs, backlog 10,000, ms', rows);
  const verdicts = [0, histories].map((at) => {
    const [least, most] = [rows[at], rows[at + histories - 1]];
    const ratio = rounded(most.p99Ms / least.p99Ms);
    const name = `claim p99, ${most.history} vs ${least.history} rows of history, ${least.tenants} tenants`;
    return verdict(name, `${ratio}x (p50 ${rounded(most.p50Ms / least.p50Ms)}x)`, '1.2x', ratio <= 1.2);
  });
  const [calm, beside] = rows.slice(histories * 2);
  const ratio = rounded(beside.p99Ms / calm.p99Ms);
  const text = `${ratio}x (p50 ${rounded(beside.p50Ms / calm.p50Ms)}x)`;
  verdicts.push(verdict("claim p99 beside another tenant's 100,000 jobs", text, '1.2x', ratio <= 1.2));
  return { rows, verdicts };
}
