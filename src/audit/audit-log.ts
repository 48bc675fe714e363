import { Injectable } from '@nestjs/common';
import { newUuid, uuidOf } from '../common/ids.js';
import { CSV_MAX_ROWS } from '../http/csv.js';
import { type Page, pageOf } from '../http/page.js';
import { PageTokens } from '../http/page-tokens.js';
import type { AuditFilter, AuditPage } from './audit-filter.js';
import { AuditLogRepository, type LoggedEvent } from './audit-log.repository.js';
import { auditCsv } from './audit-csv.js';
import { type AuditEventDto, toAuditEventDto } from './dto/audit-event.dto.js';
import type { AuditQueryDto, OperatorAuditQueryDto } from './dto/audit.query.js';

/** Rows a statement of an export. */
const SLICE = 2_000;

type Read = (page: AuditPage) => Promise<LoggedEvent[]>;

/** The audit log for whoever may read it: a tenant its own, operators all. Newest first. */
@Injectable()
export class AuditLog {
  constructor(
    private readonly repository: AuditLogRepository,
    private readonly tokens: PageTokens,
  ) {}

  /** @throws InvalidPageTokenError */
  ofTenant(tenantId: string, query: AuditQueryDto): Promise<Page<AuditEventDto>> {
    return this.page((page) => this.repository.ofTenant(tenantId, page), tenantId, query, false);
  }

  /** @throws InvalidPageTokenError */
  ofPlatform(query: OperatorAuditQueryDto): Promise<Page<AuditEventDto>> {
    return this.page(this.platformReader(query), null, query, true);
  }

  /** The newest 50,000 events that match, as CSV. */
  async csvOfTenant(tenantId: string, query: AuditQueryDto): Promise<string> {
    return auditCsv(await all((page) => this.repository.ofTenant(tenantId, page), query), false);
  }

  async csvOfPlatform(query: OperatorAuditQueryDto): Promise<string> {
    return auditCsv(await all(this.platformReader(query), query), true);
  }

  /** A tenant id that is none finds nothing. */
  private platformReader({ tenant }: OperatorAuditQueryDto): Read {
    const tenantId = tenant === undefined ? null : (uuidOf('tenant', tenant) ?? newUuid());
    return (page) => this.repository.ofPlatform(tenantId, page);
  }

  private async page(read: Read, tenantId: string | null, query: OperatorAuditQueryDto, isOperator: boolean) {
    const { limit, pageToken, ...filters } = query;
    const binding = { tenantId, list: 'audit', filters };
    const beforeId = this.tokens.open(pageToken, binding);
    const rows = await read({ ...filters, limit: limit + 1, beforeId });
    return pageOf(
      rows,
      limit,
      (row) => toAuditEventDto(row, isOperator),
      (last) => this.tokens.seal(last.id, binding),
    );
  }
}

async function all(read: Read, { actor, action, from, to }: AuditFilter): Promise<LoggedEvent[]> {
  const events: LoggedEvent[] = [];
  for (;;) {
    const page = await read({ actor, action, from, to, limit: SLICE, beforeId: events.at(-1)?.id ?? null });
    events.push(...page);
    if (page.length < SLICE || events.length >= CSV_MAX_ROWS) return events.slice(0, CSV_MAX_ROWS);
  }
}
