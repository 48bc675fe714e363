import { Injectable } from '@nestjs/common';
import type pg from 'pg';
import { inTransaction } from '../database/in-transaction.js';
import { AuthPool, PlatformPool } from '../database/role-pool.js';

/** Row of maru.signing_keys. */
export interface SigningKeyRow {
  readonly kid: string;
  readonly state: 'next' | 'current' | 'retired';
  readonly publicPem: string;
  readonly privateSealed: Buffer;
  /** Current for so long that every process knows it. */
  readonly isSettled: boolean;
}

/** A key that does not exist yet. */
export type NewSigningKey = Pick<SigningKeyRow, 'kid' | 'publicPem' | 'privateSealed'>;

/** How old the keys are, by the database's clock. */
export interface KeyAges {
  readonly currentKid: string;
  /** Since it became current, ms. */
  readonly currentMs: number;
  readonly nextKid: string;
  /** Since it was published, ms. */
  readonly nextMs: number;
}

const ROTATION_LOCK = 0x6d6b6579; // "mkey": one process makes or rotates the keys
const INSERT = `insert into maru.signing_keys (kid, state, public_pem, private_sealed) values ($1, $2, $3, $4)`;
const LIST = `
  select kid, state, public_pem as "publicPem", private_sealed as "privateSealed",
    coalesce(activated_at <= now() - $1 * interval '1 ms', true) as "isSettled"
  from maru.signing_keys where retired_at is null or retired_at > now() - $2 * interval '1 ms'
  order by retired_at desc nulls first, created_at, kid`;
const AGES = `
  select c.kid as "currentKid", (extract(epoch from now() - coalesce(c.activated_at, c.created_at)) * 1000)::float8 as "currentMs",
    n.kid as "nextKid", (extract(epoch from now() - n.created_at) * 1000)::float8 as "nextMs"
  from maru.signing_keys c cross join lateral (
    select kid, created_at from maru.signing_keys where state = 'next' order by created_at limit 1) n
  where c.state = 'current'`;

/** Keys of access tokens; not tenant data, so plain pools of the two roles that may see them. */
@Injectable()
export class SigningKeysRepository {
  constructor(
    private readonly authPool: AuthPool,
    private readonly platformPool: PlatformPool,
  ) {}

  /** Keys that may appear in a token or in the JWKS: of the retired ones the newest first, and none older than retainMs. */
  async list(settleMs: number, retainMs: number): Promise<SigningKeyRow[]> {
    return (await this.authPool.query<SigningKeyRow>(LIST, [settleMs, retainMs])).rows;
  }

  /** Stores the first keys of an installation; does nothing when there are some. */
  insertFirst(current: NewSigningKey, next: NewSigningKey): Promise<void> {
    return this.inRotation(async (client) => {
      const { rowCount } = await client.query('select from maru.signing_keys limit 1');
      if (rowCount === 0) await this.insertPair(client, current, next);
    });
  }

  /** One transaction; other processes wait with theirs. */
  inRotation<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    return inTransaction(this.platformPool, async (client) => {
      await client.query('select pg_advisory_xact_lock($1)', [ROTATION_LOCK]);
      return work(client);
    });
  }

  /** Null before the first start. */
  async ages(client: pg.PoolClient): Promise<KeyAges | null> {
    return (await client.query<KeyAges>(AGES)).rows[0] ?? null;
  }

  /** current -> retired, next -> current, and a fresh next one. */
  async advance(client: pg.PoolClient, fresh: NewSigningKey): Promise<void> {
    await client.query(`update maru.signing_keys set state = 'retired', retired_at = now() where state = 'current'`);
    await client.query(`update maru.signing_keys set state = 'current', activated_at = now() where state = 'next'`);
    await client.query(INSERT, [fresh.kid, 'next', fresh.publicPem, fresh.privateSealed]);
  }

  /** Deletes every key and stores two others. */
  async replaceAll(client: pg.PoolClient, current: NewSigningKey, next: NewSigningKey): Promise<void> {
    await client.query('delete from maru.signing_keys');
    await this.insertPair(client, current, next);
  }

  async deleteRetired(olderThanMs: number): Promise<number> {
    const text = `delete from maru.signing_keys where retired_at < now() - $1 * interval '1 ms'`;
    return (await this.platformPool.query(text, [olderThanMs])).rowCount ?? 0;
  }

  private async insertPair(client: pg.PoolClient, current: NewSigningKey, next: NewSigningKey): Promise<void> {
    await client.query(INSERT, [current.kid, 'current', current.publicPem, current.privateSealed]);
    await client.query(INSERT, [next.kid, 'next', next.publicPem, next.privateSealed]);
  }
}
