import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Rounds } from '../common/rounds.js';
import { AuditSealer } from './audit-sealer.js';

/** What is recorded is in its chain, and its head outside the database, within this time, ms. */
const EVERY_MS = 5_000;

/** Every worker runs one: seals the audit log. */
@Injectable()
export class AuditSealing implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly rounds: Rounds;

  constructor(sealer: AuditSealer) {
    const log = new Logger(AuditSealing.name);
    this.rounds = new Rounds(EVERY_MS, () => sealer.sealPending(), log, 'the audit log was not sealed');
  }

  onApplicationBootstrap(): void {
    this.rounds.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.rounds.stop();
  }
}
