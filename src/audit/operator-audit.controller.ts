import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Authenticated } from '../auth/authenticated.decorator.js';
import { ApiListOrCsv } from '../http/api-list-or-csv.decorator.js';
import { csvHeaders, wantsCsv } from '../http/csv.js';
import type { Page } from '../http/page.js';
import { AuditLog } from './audit-log.js';
import { type AuditEventDto, AuditPageDto } from './dto/audit-event.dto.js';
import { OperatorAuditQueryDto } from './dto/audit.query.js';

/** The audit logs of the platform and of all tenants. */
@ApiTags('Operator')
@Controller('v1/admin/audit')
export class OperatorAuditController {
  constructor(private readonly log: AuditLog) {}

  @Get()
  @Authenticated({ scope: 'platform:read' })
  @ApiOperation({
    operationId: 'listAuditEventsAsOperator',
    summary: 'Audit events of the platform and of all tenants, newest first',
    description: 'As GET /v1/audit, over all logs; `tenant` narrows it to one.',
  })
  @ApiListOrCsv(AuditPageDto)
  async list(
    @Query() query: OperatorAuditQueryDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Page<AuditEventDto> | string> {
    if (!wantsCsv(request)) return this.log.ofPlatform(query);
    csvHeaders(reply, 'audit');
    return this.log.csvOfPlatform(query);
  }
}
