import { createHash } from 'node:crypto';
import { isIPv6 } from 'node:net';
import { Injectable } from '@nestjs/common';
import { TenantDb } from '../database/tenant-db.js';
import { LoginThrottledError } from './auth.errors.js';
import { NIL_TENANT } from './opaque-token.js';

const MAX_DELAY_SECONDS = 900;

/** Whose sign-ins are counted: what was typed, whether it exists or not. */
export interface LoginAccount {
  /** uuid; the nil uuid for operators and unknown tenants. */
  readonly realm: string;
  readonly tenantSlug: string | null;
  readonly email: string;
}

/** One counter: after `free` failures each next one doubles a delay, and a pause of `forgetSeconds` clears it. */
interface Counter {
  readonly realm: string;
  readonly key: Buffer;
  readonly free: number;
  readonly forgetSeconds: number;
}

const ACCOUNT = { free: 5, forgetSeconds: 86_400 };
/** An office behind one address has many people; whoever tries account after account still meets this. */
const ADDRESS = { free: 50, forgetSeconds: 900 };

/**
 * Slows down guessing, per account and per address, from 1 s to 15 min. The counters lie in the database, so all processes
 * count together.
 */
@Injectable()
export class LoginThrottle {
  constructor(private readonly db: TenantDb) {}

  /** @param address of the client; without one only the account counts. @throws LoginThrottledError while blocked */
  async requireOpen(account: LoginAccount, address: string | null = null): Promise<void> {
    const waits = await Promise.all(countersOf(account, address).map((counter) => this.waitSeconds(counter)));
    const seconds = Math.max(...waits);
    if (seconds > 0) throw new LoginThrottledError(seconds);
  }

  /** Counts a failure, or forgets those of the account after a success; an address earns no trust by one good account. */
  async settle(account: LoginAccount, isSuccess: boolean, address: string | null = null): Promise<void> {
    const counters = countersOf(account, address);
    if (isSuccess) await this.forget(counters[0]!);
    else await Promise.all(counters.map((counter) => this.count(counter)));
  }

  private async waitSeconds({ realm, key }: Counter): Promise<number> {
    const [row] = await this.db.one<{ seconds: number }>(realm, {
      text: `select ceil(extract(epoch from blocked_until - now()))::int as seconds from maru.login_failures
             where tenant_id = $1 and account = $2 and blocked_until > now()`,
      values: [realm, key],
    });
    return row ? Math.max(1, row.seconds) : 0;
  }

  private async forget({ realm, key }: Counter): Promise<void> {
    const text = 'delete from maru.login_failures where tenant_id = $1 and account = $2';
    await this.db.one(realm, { text, values: [realm, key] });
  }

  private async count({ realm, key, free, forgetSeconds }: Counter): Promise<void> {
    await this.db.one(realm, { text: COUNT, values: [realm, key, free, forgetSeconds] });
  }
}

/** Old rows of the realm go with it, so the table holds at most a day of guesses. */
const COUNT = `
  with old as (delete from maru.login_failures
    where tenant_id = $1 and account <> $2 and last_failed_at < now() - interval '1 day')
  insert into maru.login_failures as f (tenant_id, account, failures) values ($1, $2, 1)
  on conflict (tenant_id, account) do update set
    failures = case when f.last_failed_at < now() - $4 * interval '1 s' then 1 else f.failures + 1 end,
    blocked_until = case when f.failures + 1 < $3 or f.last_failed_at < now() - $4 * interval '1 s' then null
      else now() + least(interval '1 s' * 2 ^ least(f.failures + 1 - $3, 20), interval '${MAX_DELAY_SECONDS} s') end,
    last_failed_at = now()`;

function countersOf(account: LoginAccount, address: string | null): Counter[] {
  const { realm, tenantSlug, email } = account;
  const counters = [{ realm, key: hashOf(`${tenantSlug ?? ''}\0${email}`), ...ACCOUNT }];
  if (address !== null)
    counters.push({ realm: NIL_TENANT, key: hashOf(`\0address\0${networkOf(address)}`), ...ADDRESS });
  return counters;
}

/** A household or a server has a whole /64 of IPv6. */
function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped) return mapped;
  const [head = '', tail] = address.toLowerCase().split('%', 1)[0]!.split('::', 2);
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? [] : new Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0');
  return [...left, ...zeros, ...right]
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}

function hashOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
