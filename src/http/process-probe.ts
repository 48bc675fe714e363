import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import v8 from 'node:v8';

/** Fewer turns of the event loop say nothing: one long stop (a debugger, SIGSTOP) is not a load. */
const MIN_TURNS = 5;
const RESOLUTION_MS = 50;
const NS_PER_MS = 1e6;

/** How this process is doing. */
export abstract class ProcessProbe {
  /** Share of the largest heap that V8 may grow to which is in use, 0..1. */
  abstract heapUsed(): number;
  /** Median delay of the event loop since the last call that gave one, ms; null while there is too little to tell. */
  abstract loopDelayMs(): number | null;
}

/** The process itself. */
@Injectable()
export class NodeProcessProbe extends ProcessProbe implements OnModuleDestroy {
  private readonly delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });

  constructor() {
    super();
    this.delays.enable();
  }

  heapUsed(): number {
    const { used_heap_size: used, heap_size_limit: limit } = v8.getHeapStatistics();
    return used / limit;
  }

  loopDelayMs(): number | null {
    if (this.delays.count < MIN_TURNS) return null;
    const medianMs = this.delays.percentile(50) / NS_PER_MS;
    this.delays.reset();
    return medianMs;
  }

  onModuleDestroy(): void {
    this.delays.disable();
  }
}
