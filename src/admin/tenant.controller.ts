import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Authenticated } from '../auth/authenticated.decorator.js';
import { Tenant, type TenantContext } from '../auth/tenant-context.js';
import { ServerConfig } from '../config/config.js';
import { TenantsService } from '../tenants/tenants.service.js';
import { TenantDto, toTenantDto } from './dto/tenant.dto.js';

/** The caller's own tenant. */
@ApiTags('Tenant')
@Controller('v1/tenant')
export class TenantController {
  constructor(
    private readonly tenants: TenantsService,
    private readonly server: ServerConfig,
  ) {}

  @Get()
  @Authenticated({ scope: 'any' })
  @ApiOperation({
    operationId: 'getTenant',
    summary: 'Your tenant',
    description: 'The tenant that your credential belongs to.',
  })
  @ApiOkResponse({ type: TenantDto })
  async get(@Tenant() context: TenantContext): Promise<TenantDto> {
    return toTenantDto(await this.tenants.get(context.tenantId), this.server.publicUrl);
  }
}
