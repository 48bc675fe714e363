import { Injectable } from '@nestjs/common';
import { PlatformPool } from '../../database/role-pool.js';
import { TenantDb } from '../../database/tenant-db.js';
import { NIL_TENANT } from '../opaque-token.js';

const SLICE = 5_000; // rows of a tenant and round: a short transaction, whatever the backlog

/** With a session go its refresh tokens. One that was revoked stays for a month, to tell a replay from an unknown token. */
const SESSIONS = `
  delete from maru.sessions where ctid = any(array(
    select ctid from maru.sessions where tenant_id = $1
      and (expires_at < now() - interval '7 days' or revoked_at < now() - interval '30 days') limit ${SLICE}))
  returning id`;
const LINKS = `
  delete from maru.account_tokens where tenant_id = $1 and expires_at < now() - interval '7 days' returning hash`;

/** A chore of housekeeping: removes sessions and one-time links that are long over. */
@Injectable()
export class SessionCleaner {
  readonly name = 'sessions';

  constructor(
    private readonly platform: PlatformPool,
    private readonly db: TenantDb,
  ) {}

  async run(): Promise<{ sessions: number; links: number }> {
    const { rows } = await this.platform.query<{ id: string }>('select id from maru.tenants');
    const removed = { sessions: 0, links: 0 };
    for (const realm of [NIL_TENANT, ...rows.map(({ id }) => id)]) {
      removed.sessions += (await this.db.one(realm, { text: SESSIONS, values: [realm] })).length;
      removed.links += (await this.db.one(realm, { text: LINKS, values: [realm] })).length;
    }
    return removed;
  }
}
