import { Injectable } from '@nestjs/common';
import { PlatformPool } from '../database/role-pool.js';

/** A launch takes seconds. Whoever left it unfinished for longer is gone, and somebody else may go on with it. */
const LEASE = `interval '1 minute'`;

/** Settings of a new tenant whose launch is under way; $6 is the digest of the request, null = it is no launch. */
export const LAUNCH_SETTINGS = `case when $6::text is null then '{}'::jsonb else jsonb_build_object('launch',
    jsonb_build_object('request', $6::text, 'until', clock_timestamp() + ${LEASE})) end`;

const CLAIM = `
  update maru.tenants set settings = jsonb_set(settings, '{launch,until}', to_jsonb(clock_timestamp() + ${LEASE}))
   where slug = $1 and settings #>> '{launch,request}' = $2
     and (settings #>> '{launch,until}')::timestamptz <= clock_timestamp() returning id`;
const RELEASE = `
  update maru.tenants set settings = jsonb_set(settings, '{launch,until}', to_jsonb(clock_timestamp()))
   where id = $1 and settings ? 'launch'`;
const FINISH = `update maru.tenants set settings = settings - 'launch' where id = $1`;

/** How far launches of tenants are, as maru_platform. One that was broken off is held by nobody. */
@Injectable()
export class TenantLaunchesRepository {
  constructor(private readonly pool: PlatformPool) {}

  /** Takes an unfinished launch of the same request over. @returns the tenant's uuid; null when there is none to take */
  async claim(slug: string, request: string): Promise<string | null> {
    return (await this.pool.query<{ id: string }>(CLAIM, [slug, request])).rows[0]?.id ?? null;
  }

  /** The launch failed: the next who sends the request goes on. */
  async release(id: string): Promise<void> {
    await this.pool.query(RELEASE, [id]);
  }

  /** Nothing is left to do: the request will never be taken up again. */
  async finish(id: string): Promise<void> {
    await this.pool.query(FINISH, [id]);
  }
}
