// `npm run fuzz:models -- --count N [--seed S]`: damaged model files against the inspection and a real engine.
// `-- --trace`, with strace: also tells what the isolated processes opened outside their directories, and every socket.
// `npm run fuzz:inputs -- --count N [--seed S]`: damaged pictures against real decoders, damaged requests against the api.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { refuse } from './steps.mjs';
import { runTraced } from './traced-children.mjs';

const TARGETS = {
  models: ['src/inference/admission/mutated-models.spec.ts'],
  inputs: ['src/inference/decoder/mutated-pictures.spec.ts', 'test/integration/mutated-requests.int-spec.ts'],
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    count: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
    trace: { type: 'boolean', default: false },
  },
});
const specs = TARGETS[positionals[0]] ?? refuse(`What? One of ${Object.keys(TARGETS).join(', ')}.`);
const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url));
const env = { ...process.env, FUZZ_COUNT: values.count, FUZZ_SEED: values.seed };
const args = [vitest, 'run', ...specs];
if (values.trace) process.exit(await runTraced(process.execPath, args, env));
process.exit(spawnSync(process.execPath, args, { stdio: 'inherit', env }).status ?? 1);
