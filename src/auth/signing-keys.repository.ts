import { Injectable } from '@nestjs/common';
import { AuthPool, PlatformPool } from '../database/role-pool.js';

/** Row of maru.signing_keys. */
export interface SigningKeyRow {
  readonly kid: string;
  readonly state: 'next' | 'current' | 'retired';
  readonly publicPem: string;
  readonly privateSealed: Buffer;
}

/** A key that does not exist yet. */
export type NewSigningKey = Pick<SigningKeyRow, 'kid' | 'publicPem' | 'privateSealed'>;

const START_LOCK = 0x6d6b6579; // "mkey": one process makes the first keys
const INSERT = `insert into maru.signing_keys (kid, state, public_pem, private_sealed) values ($1, $2, $3, $4)`;

/** Keys of access tokens; not tenant data, so plain pools of the two roles that may see them. */
@Injectable()
export class SigningKeysRepository {
  constructor(
    private readonly authPool: AuthPool,
    private readonly platformPool: PlatformPool,
  ) {}

  /** Keys that may appear in a token or in the JWKS. A retired one stays until the longest token (15 min) has expired. */
  async list(): Promise<SigningKeyRow[]> {
    const { rows } = await this.authPool.query<SigningKeyRow>(
      `select kid, state, public_pem as "publicPem", private_sealed as "privateSealed" from maru.signing_keys
       where retired_at is null or retired_at > now() - interval '20 minutes' order by created_at, kid`,
    );
    return rows;
  }

  /** Stores the first keys of an installation; does nothing when there are some. */
  async insertFirst(current: NewSigningKey, next: NewSigningKey): Promise<void> {
    const client = await this.platformPool.connect();
    let broken = true;
    try {
      await client.query('begin');
      await client.query('select pg_advisory_xact_lock($1)', [START_LOCK]);
      const { rowCount } = await client.query('select from maru.signing_keys limit 1');
      if (rowCount === 0) {
        await client.query(INSERT, [current.kid, 'current', current.publicPem, current.privateSealed]);
        await client.query(INSERT, [next.kid, 'next', next.publicPem, next.privateSealed]);
      }
      await client.query('commit');
      broken = false;
    } finally {
      client.release(broken);
    }
  }
}
