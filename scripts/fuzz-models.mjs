// `npm run fuzz:models -- --count N [--seed S]`: damaged model files against the inspection and a real engine.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: { count: { type: 'string', default: '20000' }, seed: { type: 'string', default: '1' } },
});
const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url));
const args = [vitest, 'run', '--project', 'unit', 'src/inference/admission/mutated-models.spec.ts'];
const env = { ...process.env, FUZZ_MODELS_COUNT: values.count, FUZZ_MODELS_SEED: values.seed };
process.exit(spawnSync(process.execPath, args, { stdio: 'inherit', env }).status ?? 1);
