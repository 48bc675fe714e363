import { Injectable } from '@nestjs/common';
import type pg from 'pg';
import { inTransaction } from '../../database/in-transaction.js';
import { PlatformPool } from '../../database/role-pool.js';

/** Somebody who runs the installation, as the others see them. */
export interface Operator {
  /** uuid. */
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly status: 'active' | 'disabled';
  readonly createdAt: Date;
}

const COLUMNS = `id, email, name, status, created_at as "createdAt"`;
const LIST = `select ${COLUMNS} from maru.operators where $1::uuid is null or id > $1 order by id limit $2`;
// Every active one too: two who remove each other at a time must not both succeed.
const LOCK = `select ${COLUMNS} from maru.operators where id = any($1::uuid[]) or status = 'active' order by id for update`;
const INSERT = `
  insert into maru.operators (id, email, name, password_hash) values ($1, $2, $3, $4)
  on conflict (email) do nothing returning ${COLUMNS}`;
const UPDATE = `
  update maru.operators set name = $2, password_hash = coalesce($4, password_hash),
    ver = ver + case when status <> $3 or $4::text is not null then 1 else 0 end, status = $3
  where id = $1 returning ${COLUMNS}`;

/** Operators as they are managed by each other. */
@Injectable()
export class OperatorListRepository {
  constructor(private readonly pool: PlatformPool) {}

  /** In the order of their creation, after the one with `afterId`. */
  async list(limit: number, afterId: string | null): Promise<Operator[]> {
    return (await this.pool.query<Operator>(LIST, [afterId, limit])).rows;
  }

  inTransaction<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    return inTransaction(this.pool, work);
  }

  /** These and every active operator, locked, always in the same order. */
  async lock(client: pg.PoolClient, ids: readonly string[]): Promise<Operator[]> {
    return (await client.query<Operator>(LOCK, [ids])).rows;
  }

  /** Null when there is one with this address. */
  async insert(
    client: pg.PoolClient,
    row: { id: string; email: string; name: string; passwordHash: string },
  ): Promise<Operator | null> {
    const { rows } = await client.query<Operator>(INSERT, [row.id, row.email, row.name, row.passwordHash]);
    return rows[0] ?? null;
  }

  /** @param passwordHash null = unchanged */
  async update(
    client: pg.PoolClient,
    id: string,
    after: { name: string; status: string; passwordHash: string | null },
  ): Promise<Operator> {
    const values = [id, after.name, after.status, after.passwordHash];
    return (await client.query<Operator>(UPDATE, values)).rows[0]!;
  }

  async remove(client: pg.PoolClient, id: string): Promise<void> {
    await client.query('delete from maru.operators where id = $1', [id]);
  }
}
