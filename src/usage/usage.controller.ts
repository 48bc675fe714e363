import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Authenticated } from '../auth/authenticated.decorator.js';
import { Tenant, type TenantContext } from '../auth/tenant-context.js';
import { ApiListOrCsv } from '../http/api-list-or-csv.decorator.js';
import { csvHeaders, wantsCsv } from '../http/csv.js';
import type { Page } from '../http/page.js';
import { type LedgerEntryDto, LedgerPageDto } from './dto/ledger-entry.dto.js';
import { QuotaListDto } from './dto/quota.dto.js';
import { UsageDto } from './dto/usage.dto.js';
import { LedgerQueryDto, UsageQueryDto } from './dto/usage.query.js';
import { Quotas } from './quotas.js';
import { UsageService } from './usage.service.js';

/** What a tenant used and what it may use. */
@ApiTags('Tenant')
@Controller('v1')
export class UsageController {
  constructor(
    private readonly usage: UsageService,
    private readonly quotas: Quotas,
  ) {}

  @Get('usage')
  @Authenticated({ scope: 'usage:read' })
  @ApiOperation({
    operationId: 'getUsage',
    summary: 'Usage by day or hour',
    description:
      'Sums of the ledger, up to now, by day or hour of UTC. `Accept: text/csv` gives the same as a table. Sums equal `/v1/usage/ledger`.',
  })
  @ApiListOrCsv(UsageDto)
  async get(
    @Tenant() context: TenantContext,
    @Query() query: UsageQueryDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<UsageDto | string> {
    if (!wantsCsv(request)) return this.usage.usage(context, query);
    csvHeaders(reply, 'usage');
    return this.usage.usageCsv(context, query);
  }

  @Get('usage/ledger')
  @Authenticated({ scope: 'usage:read' })
  @ApiOperation({
    operationId: 'listLedgerEntries',
    summary: 'The usage ledger, newest job first',
    description:
      'Append-only: one entry per job, attempt and kind, written with the end of the job. `Accept: text/csv` gives all that match, at most 50,000.',
  })
  @ApiListOrCsv(LedgerPageDto)
  async ledger(
    @Tenant() context: TenantContext,
    @Query() query: LedgerQueryDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Page<LedgerEntryDto> | string> {
    if (!wantsCsv(request)) return this.usage.ledger(context, query);
    csvHeaders(reply, 'usage-ledger');
    return this.usage.ledgerCsv(context, query);
  }

  @Get('quotas')
  @Authenticated({ scope: 'usage:read' })
  @ApiOperation({
    operationId: 'listQuotas',
    summary: 'Limits and how much of them is used',
    description:
      'Every limit of your tenant with its source, its current count and when it will be used up at this pace.',
  })
  @ApiOkResponse({ type: QuotaListDto })
  list(@Tenant() context: TenantContext): Promise<QuotaListDto> {
    return this.quotas.list(context.tenantId);
  }
}
