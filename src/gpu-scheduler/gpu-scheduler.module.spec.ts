import { Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { describe, expect, it } from 'vitest';
import { FakeRuntime } from '../../test/support/fake-runtime.js';
import { FixedModels, MemoryRecorder, MODEL, SchedulerBench } from '../../test/support/scheduler-bench.js';
import { until } from '../../test/support/signals.js';
import { ModelStore } from '../inference/models/model-catalog.js';
import { RuntimeRegistry } from '../inference/runtimes/runtime-registry.js';
import { GpuSchedulerModule } from './gpu-scheduler.module.js';
import { GpuSchedulerService } from './gpu-scheduler.service.js';

const runtime = new FakeRuntime();

@Module({
  providers: [
    MemoryRecorder,
    { provide: RuntimeRegistry, useFactory: () => new RuntimeRegistry([runtime]) },
    { provide: ModelStore, useFactory: () => new FixedModels([MODEL]) },
  ],
  exports: [MemoryRecorder, RuntimeRegistry, ModelStore],
})
class PortsModule {}

describe('GpuSchedulerModule', () => {
  it('resolves in Nest, boots while a model is still loading, serves, and drains when the process stops', async () => {
    const { item } = SchedulerBench.prototype;
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    runtime.gate = gate;
    const settings = { workerId: 'worker-7' };
    const module = await Test.createTestingModule({
      imports: [GpuSchedulerModule.forRoot({ imports: [PortsModule], stageRecorder: MemoryRecorder, settings })],
    }).compile();
    await module.init();
    const scheduler = module.get(GpuSchedulerService);
    runtime.isAutomatic = true;
    const first = scheduler.submit(item('1'));
    open();
    expect((await first).receipt.workerId).toBe('worker-7');
    expect(module.get(MemoryRecorder).transitions.map((t) => t.stage)).toEqual(['batch', 'infer']);

    runtime.isAutomatic = false;
    const running = scheduler.submit(item('2'));
    const queued = scheduler.submit(item('3'));
    runtime.isAutomatic = true;
    const closed = module.close();
    await until(() => scheduler.stats().isDraining);
    await expect(scheduler.submit(item('4'))).rejects.toMatchObject({ code: 'draining' });
    runtime.held[0]?.answer();
    await Promise.all([running, queued, closed]);
  });
});
