import { Injectable, type OnModuleDestroy } from '@nestjs/common';

/** Interval of heartbeats. Watchdogs of clients and proxies commonly cut after 30 s of silence. */
export const HEARTBEAT_MS = 15_000;
const TICK_MS = 250;
const SLOTS = HEARTBEAT_MS / TICK_MS;

/**
 * The one timer of all streams: a wheel of 60 slots that turns once in 15 s, so that 10,000 heartbeats leave in groups
 * of 167, and the instants at which credentials end.
 */
@Injectable()
export class StreamClock implements OnModuleDestroy {
  private readonly slots = Array.from({ length: SLOTS }, () => new Set<() => void>());
  private readonly ends = new Map<number, Set<() => void>>();
  private hand = 0;
  private dealt = 0;
  private doneTick = 0;
  private timer: NodeJS.Timeout | null = null;

  onModuleDestroy(): void {
    if (this.timer) clearInterval(this.timer);
  }

  /** Calls back every 15 s, the first time some moment within them, until the returned function is called. */
  onBeat(callback: () => void): () => void {
    this.start();
    const slot = this.slots[this.dealt++ % SLOTS]!;
    slot.add(callback);
    return () => void slot.delete(callback);
  }

  /** Calls back once at an instant (epoch ms), up to 250 ms late, unless the returned function is called before. */
  at(instantMs: number, callback: () => void): () => void {
    this.start();
    const tick = Math.max(tickOf(instantMs) + 1, this.doneTick + 1);
    const ofTick = this.ends.get(tick) ?? new Set();
    this.ends.set(tick, ofTick.add(callback));
    return () => {
      ofTick.delete(callback);
      if (ofTick.size === 0) this.ends.delete(tick);
    };
  }

  private start(): void {
    if (this.timer) return;
    this.doneTick = tickOf(Date.now());
    this.timer = setInterval(() => this.tick(Date.now()), TICK_MS).unref();
  }

  private tick(nowMs: number): void {
    this.hand = (this.hand + 1) % SLOTS;
    for (const callback of this.slots[this.hand]!) callback();
    const tick = tickOf(nowMs);
    for (; this.doneTick < tick; this.doneTick++) {
      const due = this.ends.get(this.doneTick + 1);
      this.ends.delete(this.doneTick + 1);
      for (const callback of due ?? []) callback();
    }
  }
}

function tickOf(instantMs: number): number {
  return Math.floor(instantMs / TICK_MS);
}
