import { Injectable, Logger } from '@nestjs/common';
import { inTransaction } from '../in-transaction.js';
import { WorkerPool } from '../role-pool.js';

/** Days for which parts of the big tables are made ahead: housekeeping may fail for two weeks before anything happens. */
const DAYS_AHEAD = 14;
/** Enough to move the rows of a late part out of the default one; else a statement is cut off after 15 s. */
const STATEMENT_MS = 120_000;

/** Makes the coming parts of the partitioned tables, and drops those whose time is over. */
@Injectable()
export class PartitionKeeper {
  readonly name = 'partitions';
  private readonly log = new Logger(PartitionKeeper.name);

  constructor(private readonly pool: WorkerPool) {}

  /**
   * One part a transaction: each locks its table for a moment. Rows that came too early for their part move into it.
   * @returns how many parts were made; 0 also while another process makes them
   */
  async extend(daysAhead = DAYS_AHEAD): Promise<number> {
    for (let made = 0; ; made++) {
      const values = [`${daysAhead} days`];
      const one = await this.call<{ n: number }>(`select maru.extend_partitions(now() + $1::interval, 1) as n`, values);
      if (!one?.n) return made;
    }
  }

  /** Drops parts older than their table keeps, as far as all of their jobs have ended and were erased. Returns their names. */
  async drop(): Promise<string[]> {
    for (const dropped: string[] = []; ;) {
      const one = await this.call<{ parts: string[] }>('select maru.drop_partitions(1) as parts', []);
      if (!one || one.parts.length === 0) return dropped;
      dropped.push(...one.parts);
      this.log.log(`dropped ${one.parts.join(', ')}: older than is kept`);
    }
  }

  /** A round of housekeeping. */
  async run(): Promise<{ made: number; dropped: string[] }> {
    return { made: await this.extendOrWarn(), dropped: await this.drop() };
  }

  /** `extend` for duties: says clearly what failed and what it means; the next round tries again. */
  async extendOrWarn(): Promise<number> {
    try {
      const made = await this.extend();
      if (made > 0) this.log.log(`made ${made} parts of the big tables, ${DAYS_AHEAD} days ahead`);
      return made;
    } catch (error) {
      this.log.error(
        `parts of the big tables were not made: ${(error as Error).message}. Until a round succeeds, rows beyond the last ` +
          `part go to the tables named *_other; nothing is lost, and they move when it does. A lock timeout means that a ` +
          `long statement, such as a dump, holds the table.`,
      );
      return 0;
    }
  }

  private call<R>(text: string, values: unknown[]): Promise<R | undefined> {
    return inTransaction(this.pool, async (client) => {
      await client.query(`set local statement_timeout = ${STATEMENT_MS}`);
      const query = { text, values, query_timeout: STATEMENT_MS + 10_000 };
      return (await client.query(query)).rows[0] as R | undefined;
    });
  }
}
