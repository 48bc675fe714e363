import { expect, it } from 'vitest';
import { ServerBusyError } from './http.errors.js';
import { ProcessPressure } from './process-pressure.js';
import { NodeProcessProbe, ProcessProbe } from './process-probe.js';

/** Each pressure samples at its first question. */
function pressureOf(heapUsed: number, loopDelayMs: number | null): ProcessPressure {
  class Fixed extends ProcessProbe {
    heapUsed = () => heapUsed;
    loopDelayMs = () => loopDelayMs;
  }
  return new ProcessPressure(new Fixed());
}

it('lets work in while the process is calm, or too young to tell', () => {
  pressureOf(0.89, 999).assertCalm();
  pressureOf(0, null).assertCalm();
});

it('refuses work near the end of the heap and when the event loop is late', () => {
  expect(() => pressureOf(0.91, null).assertCalm()).toThrow(ServerBusyError);
  expect(() => pressureOf(0.91, 0).assertCalm()).toThrow(/short of memory/);
  expect(() => pressureOf(0.1, 1_001).assertCalm()).toThrow(/too busy/);
});

it('reads this process', async () => {
  const probe = new NodeProcessProbe();
  expect(probe.loopDelayMs()).toBeNull();
  let delayMs: number | null = null;
  while (delayMs === null) {
    await new Promise(setImmediate);
    delayMs = probe.loopDelayMs();
  }
  expect(delayMs).toBeGreaterThan(0);
  expect(probe.heapUsed()).toBeGreaterThan(0);
  expect(probe.heapUsed()).toBeLessThan(1);
  probe.onModuleDestroy();
});
