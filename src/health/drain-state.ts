import { Injectable, type OnModuleDestroy } from '@nestjs/common';

/**
 * Whether this process still wants new work. The signal handler calls `begin` first and closes the application only
 * after the load balancer had time to read the bad readiness; a close without that begins it too.
 */
@Injectable()
export class DrainState implements OnModuleDestroy {
  private draining = false;

  get isDraining(): boolean {
    return this.draining;
  }

  begin(): void {
    this.draining = true;
  }

  onModuleDestroy(): void {
    this.begin();
  }
}
