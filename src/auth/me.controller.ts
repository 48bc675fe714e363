import { Body, Controller, Get, Patch } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { AuditActor } from '../audit/audit-trail.js';
import { ApiProblems } from '../http/api-problems.decorator.js';
import { Actor } from './actor.decorator.js';
import { Authenticated } from './authenticated.decorator.js';
import { CurrentPrincipal } from './current-principal.decorator.js';
import { MeDto, toMeDto } from './dto/me.dto.js';
import { UpdateMeDto } from './dto/update-me.dto.js';
import { Me } from './me.service.js';
import { MyAccount } from './my-account.service.js';
import type { Principal } from './principal.js';

/** Who am I? */
@ApiTags('Authentication')
@Controller('v1/me')
export class MeController {
  constructor(
    private readonly me: Me,
    private readonly account: MyAccount,
  ) {}

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

  @Patch()
  @Authenticated({ scope: 'any' })
  @ApiOperation({
    operationId: 'updateMe',
    summary: 'Change your own name, password or preferences',
    description:
      'For members and operators; an API key gets 403. A new password ends every other session, and access tokens within 5 s: refresh to go on.',
  })
  @ApiOkResponse({ type: MeDto })
  @ApiProblems(413, 415, 422)
  async update(
    @CurrentPrincipal() principal: Principal,
    @Body() body: UpdateMeDto,
    @Actor() actor: AuditActor,
  ): Promise<MeDto> {
    await this.account.change(principal, body, actor);
    return this.get(principal);
  }
}
