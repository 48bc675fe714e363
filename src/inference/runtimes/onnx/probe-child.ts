import { serveRequests } from '../../engine/serve-requests.js';
import { runCanary } from './canary.js';
import type { ProbeOperations } from './probe-operations.js';

// Entry of the probe process: a provider that crashes or hangs takes only this process with it.

serveRequests<ProbeOperations>({
  compare: async ({ file, placement }) => {
    const cpu = await runCanary(file, { ...placement, provider: 'cpu' });
    const other = await runCanary(file, placement);
    if (other.values.length !== cpu.values.length) throw new Error('the outputs have another shape than on the CPU');
    const differences = other.values.map((value, i) => Math.abs(value - (cpu.values[i] ?? 0)));
    // A NaN survives the reduction and is refused by the caller's comparison.
    const maxDifference = differences.reduce((max, d) => (d <= max ? max : d), 0);
    return { cpuMs: cpu.ms, ms: other.ms, maxDifference };
  },
});
