import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Rounds } from '../common/rounds.js';
import { UsageRollup } from './usage-rollup.js';

/** Sums by the hour are this much behind what has settled, ms: what is not in them costs every read of them. */
const EVERY_MS = 15_000;

/** Every worker runs one: adds the ledger up. One at a time does; the others find nothing to do. */
@Injectable()
export class UsageAdding implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly rounds: Rounds;

  constructor(rollup: UsageRollup) {
    this.rounds = new Rounds(EVERY_MS, () => rollup.run(), new Logger(UsageAdding.name), 'usage was not added up');
  }

  onApplicationBootstrap(): void {
    this.rounds.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.rounds.stop();
  }
}
