/** Which transactions a statement saw: PostgreSQL's `xmin:xmax:xid,xid,...`. */
export class DatabaseSnapshot {
  private readonly xmin: bigint;
  private readonly xmax: bigint;
  private readonly running: ReadonlySet<string>;

  /** @param text of pg_current_snapshot() */
  constructor(text: string) {
    const [xmin, xmax, running] = text.split(':');
    this.xmin = BigInt(xmin!);
    this.xmax = BigInt(xmax!);
    this.running = new Set(running ? running.split(',') : []);
  }

  /** True when the rows of this transaction, which has committed, were there for the statement. */
  saw(xid: string): boolean {
    const id = BigInt(xid);
    return id < this.xmin || (id < this.xmax && !this.running.has(xid));
  }
}
