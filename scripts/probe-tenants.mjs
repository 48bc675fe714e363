// `npm run probe:tenants -- --probes N [--seed S]`: random probes between tenants, many more than `npm test` makes.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    probes: { type: 'string', default: '200000' },
    seed: { type: 'string', default: '1' },
    out: { type: 'string', default: 'bench/out/probes.json' },
  },
});
const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url));
const args = [vitest, 'run', '--project', 'integration', 'test/integration/tenant-probes.int-spec.ts'];
const env = {
  ...process.env,
  PROBE_COUNT: values.probes,
  PROBE_SEED: values.seed,
  PROBE_REPORT: path.resolve(values.out),
};
process.exit(spawnSync(process.execPath, args, { stdio: 'inherit', env }).status ?? 1);
