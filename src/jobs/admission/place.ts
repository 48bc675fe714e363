import type { QueueLedger } from './queue-ledger.js';

/** Room for one job in the queue: taken when it is made, kept by `commit`, else given back. */
export class Place {
  private isSettled = false;
  private isTaken = false;

  constructor(
    private readonly ledger: QueueLedger,
    private readonly tenantId: string,
  ) {
    ledger.admit(tenantId);
  }

  /** True once a job has it. */
  get isKept(): boolean {
    return this.isTaken;
  }

  /** The job is durable, written by this transaction. */
  commit(xid: string): void {
    if (this.isSettled) return;
    this.isSettled = true;
    this.isTaken = true;
    this.ledger.commit(this.tenantId, xid);
  }

  /** Gives the place back unless a job has it. */
  release(): void {
    if (this.isSettled) return;
    this.isSettled = true;
    this.ledger.giveBack(this.tenantId);
  }
}
