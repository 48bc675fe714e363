import { uuidOf } from '../../../src/common/ids.js';
import type { Company } from '../authorization/company.js';
import type { Stock } from '../authorization/stock.js';
import { ownerQuery as query } from '../owner-query.js';

/** What repositories of a tenant can be asked for: uuids, unless said otherwise. */
export interface Belongings {
  readonly company: Company;
  readonly jobs: readonly string[];
  readonly file: string;
  readonly upload: string;
  readonly model: string;
  readonly member: string;
  /** A member with a second factor. */
  readonly factored: string;
  readonly key: string;
  readonly session: string;
  readonly impersonation: string;
  /** Slug. */
  readonly analyzer: string;
  readonly email: string;
  /** SHA-256 of a refresh token, and of a one-time link. */
  readonly tokenHash: Buffer;
  readonly linkHash: Buffer;
}

/** One of each, of one tenant. */
export async function belongingsOf(stock: Stock, company: Company): Promise<Belongings> {
  const holder = { company, caller: company.owner };
  const jobs = [await stock.shared('queuedJob', holder), await stock.shared('succeededJob', holder)];
  const member = company.owner.memberId!;
  const one = async <T>(text: string, values: unknown[] = [company.tenantId]) =>
    (await query<{ value: T }>(text, values))[0]!.value;
  return {
    company,
    jobs: jobs.map((id) => uuidOf('job', id)!),
    file: uuidOf('file', await stock.shared('file', holder))!,
    upload: uuidOf('file', await stock.shared('upload', holder))!,
    model: uuidOf('model', await stock.shared('model', holder))!,
    member,
    factored: uuidOf('member', await stock.shared('memberWithFactor', holder))!,
    key: uuidOf('apiKey', await stock.shared('apiKey', holder))!,
    session: await one('select id as value from maru.sessions where tenant_id = $1 and revoked_at is null limit 1'),
    impersonation: uuidOf('impersonation', await stock.shared('impersonation', holder))!,
    analyzer: await stock.shared('analyzer', holder),
    email: await one('select email as value from maru.members where id = $1', [member]),
    tokenHash: await one('select hash as value from maru.refresh_tokens where tenant_id = $1 limit 1'),
    linkHash: await one('select hash as value from maru.account_tokens where tenant_id = $1 limit 1'),
  };
}
