import fs from 'node:fs';
import path from 'node:path';
import { onnxLibraryDirectory } from '../../../dist/src/inference/runtimes/onnx/onnx-package.js';
import { probeProvider } from '../../../dist/src/inference/runtimes/onnx/provider-probe.js';
import { hasGpu } from './drivers.mjs';
import { onnxSearch, Rig } from './rig.mjs';
import { printTable } from './table.mjs';

const KINDS = ['cpu', 'webgpu', 'cuda'];
const TENSORRT_LIBRARY = 'libonnxruntime_providers_tensorrt.so';
const TENSORRT_LIMIT_MS = 60_000;
const COMPUTES_WRONG = /differ from the CPU|another shape/;
/** A software Vulkan may be this slow; a GPU may not. */
const HANGS_OR_DIES = /gave no answer|ended \(/;

/**
 * Tries every provider by itself, as the platform does when an operator lists it. Adds a verdict for each.
 * Returns the targets that serve, `{ name, runtime, wanted }`, and what the platform would choose.
 */
export async function providers(root, verdicts) {
  const chosen = await described(root, 'onnx', null);
  const rows = [];
  for (const kind of KINDS) rows.push(await onnxRow(root, kind, chosen));
  rows.push(await tensorrtRow(root));
  rows.push(...(await tensorflowRows(root)));
  for (const { provider, verdict, note } of rows) verdicts.add('provider', provider, verdict, note);
  printTable(
    'Providers',
    rows.map(({ provider, note, chosen: own }) => ({ provider, found: note, 'INFERENCE_DEVICES=auto': own })),
  );
  const targets = rows.flatMap(({ target }) => (target ? [target] : []));
  return { rows, targets, chosen: chosen.devices.map(({ kind }) => kind) };
}

async function onnxRow(root, kind, chosen) {
  const provider = `onnx ${kind}`;
  const { devices, unavailable, version } = await described(root, 'onnx', [kind]);
  const [device] = devices;
  const auto = chosen.devices.some((other) => other.kind === kind)
    ? 'used'
    : `not used: ${chosen.unavailable.find(({ what }) => what === kind)?.why}`;
  if (device) {
    const target = { name: provider, runtime: 'onnx', wanted: [kind] };
    return { provider, verdict: 'passed', note: `${device.type}, ONNX Runtime ${version}`, target, chosen: auto };
  }
  const { why } = unavailable[0];
  return { provider, verdict: verdictOf(why), note: why, chosen: auto };
}

/** Of a provider that does not serve: a fault, or nothing of it on this host. */
function verdictOf(why) {
  return COMPUTES_WRONG.test(why) || (HANGS_OR_DIES.test(why) && hasGpu()) ? 'failed' : 'not here';
}

/** The platform does not serve with it: it is tried so that a host can tell whether it would. */
async function tensorrtRow(root) {
  const row = { provider: 'onnx tensorrt', chosen: 'never used' };
  if (!fs.existsSync(path.join(onnxLibraryDirectory(), TENSORRT_LIBRARY)))
    return { ...row, verdict: 'not here', note: `${TENSORRT_LIBRARY} is not installed beside the binding` };
  const rig = new Rig(root, 'onnx', ['cpu']);
  try {
    const { canary, driverEnvironment: environment } = onnxSearch(root, null);
    const placement = { provider: 'tensorrt', deviceIndex: 0, threads: 1 };
    const { directory } = rig.arena;
    const plan = { placement, canary, directory, environment, limitMs: TENSORRT_LIMIT_MS, mustBeFaster: false };
    const why = await probeProvider(plan);
    if (why === null) return { ...row, verdict: 'passed', note: 'agrees with the CPU; the platform does not use it' };
    return { ...row, verdict: verdictOf(why), note: why };
  } finally {
    await rig.close();
  }
}

async function tensorflowRows(root) {
  const { devices, unavailable, version } = await described(root, 'tensorflow', ['cpu']);
  const missing = unavailable.map(({ what, why }) => ({
    provider: `tensorflow ${what}`,
    verdict: 'not here',
    note: why,
    chosen: 'not used',
  }));
  if (devices.length === 0) return missing;
  const provider = 'tensorflow wasm';
  const target = { name: provider, runtime: 'tensorflow', wanted: ['cpu'] };
  return [...missing, { provider, verdict: 'passed', note: `CPU, TensorFlow.js ${version}`, target, chosen: 'used' }];
}

async function described(root, runtime, wanted) {
  const rig = new Rig(root, runtime, wanted);
  try {
    return await rig.runtime.describe();
  } finally {
    await rig.close();
  }
}
