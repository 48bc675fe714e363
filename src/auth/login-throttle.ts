import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { TenantDb } from '../database/tenant-db.js';
import { LoginThrottledError } from './auth.errors.js';

const FREE_FAILURES = 5;
const MAX_DELAY_SECONDS = 900;
const FORGET = `interval '1 day'`;

/** Whose sign-ins are counted: what was typed, whether it exists or not. */
export interface LoginAccount {
  /** uuid; the nil uuid for operators and unknown tenants. */
  readonly realm: string;
  readonly tenantSlug: string | null;
  readonly email: string;
}

/** Slows down guessing: after five failures of one account each next one doubles a delay, from 1 s to 15 min. */
@Injectable()
export class LoginThrottle {
  constructor(private readonly db: TenantDb) {}

  /** Throws LoginThrottledError while the account is blocked. */
  async requireOpen(account: LoginAccount): Promise<void> {
    const [row] = await this.db.one<{ seconds: number }>(account.realm, {
      text: `select ceil(extract(epoch from blocked_until - now()))::int as seconds from maru.login_failures
             where tenant_id = $1 and account = $2 and blocked_until > now()`,
      values: [account.realm, keyOf(account)],
    });
    if (row) throw new LoginThrottledError(Math.max(1, row.seconds));
  }

  /** Counts a failure, or forgets all of them after a success. */
  async settle(account: LoginAccount, isSuccess: boolean): Promise<void> {
    const values = [account.realm, keyOf(account)];
    if (isSuccess) {
      await this.db.one(account.realm, {
        text: 'delete from maru.login_failures where tenant_id = $1 and account = $2',
        values,
      });
      return;
    }
    await this.db.one(account.realm, { text: COUNT, values });
  }
}

/** Old rows of the realm go with it, so the table holds at most a day of guesses. */
const COUNT = `
  with old as (delete from maru.login_failures
    where tenant_id = $1 and account <> $2 and last_failed_at < now() - ${FORGET})
  insert into maru.login_failures as f (tenant_id, account, failures) values ($1, $2, 1)
  on conflict (tenant_id, account) do update set
    failures = case when f.last_failed_at < now() - ${FORGET} then 1 else f.failures + 1 end,
    blocked_until = case when f.failures + 1 < ${FREE_FAILURES} or f.last_failed_at < now() - ${FORGET} then null
      else now() + least(interval '1 s' * 2 ^ least(f.failures + 1 - ${FREE_FAILURES}, 20), interval '${MAX_DELAY_SECONDS} s') end,
    last_failed_at = now()`;

function keyOf({ tenantSlug, email }: LoginAccount): Buffer {
  return createHash('sha256')
    .update(`${tenantSlug ?? ''}\0${email}`)
    .digest();
}
