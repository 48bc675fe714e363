import { setTimeout as sleep } from 'node:timers/promises';
import { signal } from './processes.mjs';

const API_ROLES = /^maru_(app|ingest|auth|platform)$/;
const WORKER_ROLES = /^maru_(worker|queue)$/;
const ALL_ROLES = /./;
/** A lease lasts 6 s from its last renewal and is looked at every second. */
const PAST_THE_LEASE_MS = [8_000, 14_000];
const AIM_MS = 2_000;

/**
 * What can go wrong, in two lanes that run beside each other. `kill`: counts as one. `weight`: how often it comes
 * compared with others of its lane. `run(stage)` strikes and resolves when it is over; it calls `stage.struck` at the moment
 * of the blow with the attempts that it hits, or not at all when there was nothing to hit.
 */
export const FAULTS = [
  { lane: 'blows', kind: 'SIGKILL api', kill: true, weight: 3, run: (stage) => killOne(stage, 'maru api') },
  { lane: 'blows', kind: 'SIGKILL worker', kill: true, weight: 6, run: (stage) => killOne(stage, 'maru worker') },
  { lane: 'blows', kind: 'SIGKILL engine', kill: true, weight: 5, run: (stage) => killOne(stage, 'maru engine') },
  { lane: 'blows', kind: 'SIGKILL decoder', kill: true, weight: 2, run: (stage) => killOne(stage, 'maru decoder') },
  { lane: 'blows', kind: 'SIGKILL postgres', kill: true, weight: 3, run: (stage) => crashDatabase(stage, 'SIGKILL') },
  { lane: 'blows', kind: 'SIGQUIT postgres', kill: true, weight: 2, run: (stage) => crashDatabase(stage, 'SIGQUIT') },
  {
    lane: 'stops',
    kind: 'SIGSTOP worker past its lease',
    weight: 3,
    run: (stage) => stopWorker(stage, PAST_THE_LEASE_MS),
  },
  {
    lane: 'stops',
    kind: 'SIGSTOP worker within its lease',
    weight: 1,
    run: (stage) => stopWorker(stage, [1_000, 3_500]),
  },
  { lane: 'blows', kind: 'half-open links of a worker', weight: 2, run: halfOpenWorker },
  { lane: 'blows', kind: 'half-open links of the api', weight: 2, run: halfOpenApi },
  { lane: 'blows', kind: 'reset of all links', weight: 2, run: resetLinks },
  { lane: 'blows', kind: '500 ms latency', weight: 1, run: slowLinks },
  { lane: 'blows', kind: 'links that pass nothing for a while', weight: 1, run: frozenLinks },
];

/** A process of the kind, rather one whose worker has attempts in hand: a blow into the void proves nothing. */
async function aim(stage, title) {
  for (const end = performance.now() + AIM_MS; ;) {
    const victims = stage.product.processes(title);
    const busy = [];
    for (const victim of victims) if ((await stage.held(victim.workerPid)).length > 0) busy.push(victim);
    if (busy.length > 0 || performance.now() > end) return stage.random.pick(busy.length > 0 ? busy : victims);
    await sleep(20);
  }
}

async function killOne(stage, title) {
  const isApi = title === 'maru api';
  const victim = isApi ? stage.product.processes(title)[0] : await aim(stage, title);
  if (!victim) return;
  const held = isApi ? [] : await stage.held(victim.workerPid);
  if (signal(victim.pid, 'SIGKILL')) stage.struck(held);
}

async function crashDatabase(stage, name) {
  const held = await stage.held();
  stage.struck(held);
  await stage.product.database.crash(name);
}

async function resetLinks(stage) {
  const held = await stage.held();
  stage.struck(held);
  for (const proxy of proxiesOf(stage)) proxy.reset(ALL_ROLES);
}

/** The attempts are counted while the process stands still, so none is missed. */
async function stopWorker(stage, [low, high]) {
  const victim = await aim(stage, 'maru worker');
  if (!victim || !signal(victim.pid, 'SIGSTOP')) return;
  stage.struck(await stage.held(victim.pid));
  await sleep(stage.random.between(low, high));
  signal(victim.pid, 'SIGCONT');
}

async function halfOpenWorker(stage) {
  const { main, b } = stage.product.proxies;
  const proxy = stage.random.pick([main, b]);
  const isJoined = ({ pid }) => pid === stage.product.workerB.pid;
  const victim = stage.product.processes('maru worker').find((w) => isJoined(w) === (proxy === b));
  if (!victim) return;
  stage.struck(await stage.held(victim.pid));
  await during(stage, [4_000, 12_000], [proxy], () => proxy.blackHole(WORKER_ROLES));
}

async function halfOpenApi(stage) {
  const { main } = stage.product.proxies;
  stage.struck([]);
  await during(stage, [2_000, 5_000], [main], () => main.blackHole(API_ROLES));
}

async function frozenLinks(stage) {
  stage.struck(await stage.held());
  await during(stage, [1_000, 4_000], proxiesOf(stage), (proxy) => proxy.freeze(ALL_ROLES));
}

async function slowLinks(stage) {
  const proxies = proxiesOf(stage);
  stage.struck(await stage.held());
  await during(stage, [2_000, 5_000], proxies, (proxy) => (proxy.latencyMs = 500));
  for (const proxy of proxies) proxy.latencyMs = 0;
}

async function during(stage, [low, high], proxies, strike) {
  for (const proxy of proxies) strike(proxy);
  await sleep(stage.random.between(low, high));
  for (const proxy of proxies) proxy.heal();
}

function proxiesOf(stage) {
  return Object.values(stage.product.proxies);
}
