import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable, Logger } from '@nestjs/common';
import type pg from 'pg';
import { DataSource, type EntityManager, type QueryRunner } from 'typeorm';
import { TenantScopeError } from './database.errors.js';
import { ignoreLoss, type PooledClient } from './role-pool.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const SET_TENANT = `select set_config('maru.tenant_id', $1, true)`;

interface Scope {
  readonly tenantId: string;
  readonly manager: EntityManager;
  readonly afterCommit: (() => unknown)[];
  /** False once the transaction ended: work that outlives it must not join it. */
  open: boolean;
}

/**
 * The only way to a tenant's rows. Every statement runs in a transaction whose `maru.tenant_id` names the tenant;
 * row-level security shows and accepts no other rows, and none at all without it.
 */
@Injectable()
export class TenantDb {
  private readonly scopes = new AsyncLocalStorage<Scope>(); // run() only, never enterWith()
  private readonly logger = new Logger(TenantDb.name);

  constructor(private readonly dataSource: DataSource) {}

  /**
   * One short transaction in one tenant. A nested call of the same tenant joins it.
   * Never await a model, an upload or another service inside: an open transaction stops the cleaning of every table.
   * @throws TenantScopeError for a nested call of another tenant, or an id that is not a lower-case uuid
   */
  async run<T>(tenantId: string, work: (manager: EntityManager) => Promise<T>): Promise<T> {
    requireUuid(tenantId);
    const outer = this.openScope();
    if (outer && outer.tenantId !== tenantId)
      throw new TenantScopeError('A transaction of another tenant is open here.');
    if (outer) return work(outer.manager);

    const runner = this.dataSource.createQueryRunner();
    const scope: Scope = { tenantId, manager: runner.manager, afterCommit: [], open: true };
    const result = await this.transaction(runner, scope, work);
    for (const hook of scope.afterCommit) await hook();
    return result;
  }

  /**
   * One statement in one tenant and one round trip: begin, set tenant, statement and commit travel together.
   * Resolves after the commit. Does not join an open `run`.
   */
  async one<R extends pg.QueryResultRow>(tenantId: string, query: pg.QueryConfig): Promise<R[]> {
    requireUuid(tenantId);
    const client = (await this.pool.connect()) as pg.PoolClient & PooledClient;
    client.on('error', ignoreLoss);
    const [begin, set, statement, commit] = await Promise.allSettled(
      client.inOneWrite(() => [
        client.query('begin'),
        client.query(SET_TENANT, [tenantId]),
        client.query<R>(query),
        client.query('commit'),
      ]),
    );
    const isBroken = begin.status === 'rejected' || commit.status === 'rejected';
    client.release(isBroken || !this.isOutside(client)); // true: end the connection
    client.off('error', ignoreLoss);
    for (const step of [begin, set, statement, commit]) if (step.status === 'rejected') throw step.reason;
    return (statement as PromiseFulfilledResult<pg.QueryResult<R>>).value.rows;
  }

  /** Manager of the open transaction; its repositories are the only ones there are. Throws outside `run`. */
  get manager(): EntityManager {
    return this.scope.manager;
  }

  /** Runs the hook after the open transaction committed, never after a rollback: wake-ups, cache invalidation. */
  afterCommit(hook: () => unknown): void {
    this.scope.afterCommit.push(hook);
  }

  private get scope(): Scope {
    const scope = this.openScope();
    if (!scope) throw new TenantScopeError('No tenant transaction is open: call TenantDb.run first.');
    return scope;
  }

  private openScope(): Scope | undefined {
    const scope = this.scopes.getStore();
    return scope?.open ? scope : undefined;
  }

  private get pool(): pg.Pool {
    return (this.dataSource.driver as unknown as { master: pg.Pool }).master;
  }

  /** By what the server said last. A connection inside a transaction is still the tenant's: it must not be pooled. */
  private isOutside(client: PooledClient): boolean {
    const status = client.getTransactionStatus();
    if (status !== 'I') this.logger.error(`A connection came back inside a transaction (${status}); it is closed.`);
    return status === 'I';
  }

  private async transaction<T>(runner: QueryRunner, scope: Scope, work: (m: EntityManager) => Promise<T>): Promise<T> {
    const client = (await runner.connect()) as pg.PoolClient & PooledClient;
    let isBroken = false;
    try {
      await runner.startTransaction();
      await runner.query(SET_TENANT, [scope.tenantId]);
      const result = await this.scopes.run(scope, () => work(runner.manager)).finally(() => (scope.open = false));
      await runner.commitTransaction();
      return result;
    } catch (error) {
      // A connection whose rollback failed may still be inside the tenant's transaction: it must not be pooled.
      if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => (isBroken = true));
      throw error;
    } finally {
      if (isBroken || !this.isOutside(client)) await client.end();
      await runner.release();
    }
  }
}

function requireUuid(tenantId: string): void {
  if (!UUID.test(tenantId)) throw new TenantScopeError('A tenant id must be a lower-case uuid.');
}
