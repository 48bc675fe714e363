import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Authenticated } from './authenticated.decorator.js';
import { CurrentPrincipal } from './current-principal.decorator.js';
import { MeDto, toMeDto } from './dto/me.dto.js';
import { Me } from './me.service.js';
import type { Principal } from './principal.js';

/** Who am I? */
@ApiTags('Authentication')
@Controller('v1/me')
export class MeController {
  constructor(private readonly me: Me) {}

  @Get()
  @Authenticated({ scope: 'any' })
  @ApiOperation({
    operationId: 'getMe',
    summary: 'Who this credential belongs to',
    description: 'The principal, its tenant, and the scopes that it holds.',
  })
  @ApiOkResponse({ type: MeDto })
  async get(@CurrentPrincipal() principal: Principal): Promise<MeDto> {
    const { profile, tenant } = await this.me.describe(principal);
    return toMeDto(principal, profile, tenant);
  }
}
