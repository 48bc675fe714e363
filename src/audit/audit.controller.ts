import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Authenticated } from '../auth/authenticated.decorator.js';
import { Tenant, type TenantContext } from '../auth/tenant-context.js';
import { ApiListOrCsv } from '../http/api-list-or-csv.decorator.js';
import { csvHeaders, wantsCsv } from '../http/csv.js';
import type { Page } from '../http/page.js';
import { AuditLog } from './audit-log.js';
import { type AuditEventDto, AuditPageDto } from './dto/audit-event.dto.js';
import { AuditQueryDto } from './dto/audit.query.js';

/** A tenant's audit log. */
@ApiTags('Tenant')
@Controller('v1/audit')
export class AuditController {
  constructor(private readonly log: AuditLog) {}

  @Get()
  @Authenticated({ scope: 'audit:read' })
  @ApiOperation({
    operationId: 'listAuditEvents',
    summary: 'Who changed what, newest first',
    description:
      'Append-only and hash-chained: `seal` is the place of an event in the chain. With `Accept: text/csv` all that match, at most 50,000.',
  })
  @ApiListOrCsv(AuditPageDto)
  async list(
    @Tenant() context: TenantContext,
    @Query() query: AuditQueryDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Page<AuditEventDto> | string> {
    if (!wantsCsv(request)) return this.log.ofTenant(context.tenantId, query);
    csvHeaders(reply, 'audit');
    return this.log.csvOfTenant(context.tenantId, query);
  }
}
