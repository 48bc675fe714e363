import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { AuditSealer } from './audit-sealer.js';

/** What is recorded is in its chain, and its head outside the database, within this time, ms. */
const EVERY_MS = 5_000;

/** Every worker runs one: seals the audit log. A failure is met again in the next round. */
@Injectable()
export class AuditSealing implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly log = new Logger(AuditSealing.name);
  private timer: NodeJS.Timeout | undefined;
  private sealing: Promise<void> | null = null;

  constructor(private readonly sealer: AuditSealer) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => (this.sealing ??= this.seal().finally(() => (this.sealing = null))), EVERY_MS);
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    await this.sealing;
  }

  private async seal(): Promise<void> {
    try {
      await this.sealer.sealPending();
    } catch (error) {
      this.log.warn(`the audit log was not sealed, the next round tries again: ${(error as Error).message}`);
    }
  }
}
