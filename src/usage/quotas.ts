import { Injectable } from '@nestjs/common';
import { TenantDb } from '../database/tenant-db.js';
import type { QuotaDto, QuotaListDto } from './dto/quota.dto.js';
import type { QuotaName } from './limits/quota-names.js';
import { startOfDay } from './start-of-day.js';
import { UsageRepository } from './usage.repository.js';

/** A limit and what the tables say is used of it. */
interface QuotaRow {
  readonly name: QuotaName;
  readonly quota: number;
  readonly windowSeconds: number | null;
  readonly source: QuotaDto['source'];
  readonly reason: string | null;
  readonly expiresAt: Date | null;
  readonly current: number;
  readonly now: Date;
}

/** Of a window that is over nothing is used. */
const LIST = `
  select l.name, l.quota::float8 as quota, l.window_s as "windowSeconds", l.source, l.reason, l.expires_at as "expiresAt", now() as now,
         case l.name when 'queued' then (select count(*) from maru.job_queue q where q.tenant_id = $1)
           else coalesce((select max(w.taken) from maru.quota_windows w where w.tenant_id = $1 and w.name = l.name
                            and (l.window_s is null or w.starts_at > now() - l.window_s * interval '1 s')), 0) end::float8 as current
    from maru.tenant_limits($1) l
   order by array_position(array['requests', 'key', 'submit', 'queued', 'daily', 'gpu', 'stored'], l.name)`;

/** The limits of a tenant and how it stands against them. */
@Injectable()
export class Quotas {
  constructor(
    private readonly db: TenantDb,
    private readonly usage: UsageRepository,
  ) {}

  /** @param tenantId uuid */
  async list(tenantId: string): Promise<QuotaListDto> {
    const rows = await this.db.one<QuotaRow & Record<string, unknown>>(tenantId, {
      name: 'quotas',
      text: LIST,
      values: [tenantId],
    });
    const deviceUs = await this.usage.deviceUsSince(tenantId, startOfDay(new Date()));
    const data = rows.map((row) =>
      toQuotaDto(row.name === 'gpu' ? { ...row, current: Math.round(deviceUs / 1_000) } : row),
    );
    return { data };
  }
}

function toQuotaDto(row: QuotaRow): QuotaDto {
  const { name, quota, current, source, reason, windowSeconds } = row;
  const windowMs = windowSeconds === null ? null : windowSeconds * 1_000;
  const resetsAtMs = windowMs === null ? null : (Math.floor(row.now.getTime() / windowMs) + 1) * windowMs;
  return {
    name,
    object: 'quota',
    limit: quota,
    current,
    source,
    reason,
    expiresAt: row.expiresAt?.toISOString() ?? null,
    resetsAt: resetsAtMs === null ? null : new Date(resetsAtMs).toISOString(),
    forecastExhaustedAt: windowMs === null || resetsAtMs === null ? null : forecast(row, resetsAtMs, windowMs),
  };
}

function forecast({ quota, current, now }: QuotaRow, resetsAtMs: number, windowMs: number): string | null {
  const elapsedMs = now.getTime() - (resetsAtMs - windowMs);
  if (current <= 0 || elapsedMs <= 0) return null;
  const atMs = now.getTime() + (Math.max(0, quota - current) * elapsedMs) / current;
  return atMs < resetsAtMs ? new Date(Math.round(atMs)).toISOString() : null;
}
