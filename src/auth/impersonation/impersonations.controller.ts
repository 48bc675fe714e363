import { Body, Controller, Delete, HttpCode, Param, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { AuditActor } from '../../audit/audit-trail.js';
import { ValidationFailedError } from '../../common/domain-error.js';
import { uuidOf } from '../../common/ids.js';
import { ApiProblems } from '../../http/api-problems.decorator.js';
import { PublicIdPipe } from '../../http/public-id.pipe.js';
import { Actor } from '../actor.decorator.js';
import { Authenticated } from '../authenticated.decorator.js';
import { CurrentPrincipal } from '../current-principal.decorator.js';
import type { Principal } from '../principal.js';
import { ImpersonationDto, StartImpersonationDto, toImpersonationDto } from './dto/impersonation.dto.js';
import { Impersonations } from './impersonations.service.js';

/** Looking at a tenant as its viewer, for operators. */
@ApiTags('Operator')
@Controller('v1/admin/impersonations')
export class ImpersonationsController {
  constructor(private readonly impersonations: Impersonations) {}

  @Post()
  @Authenticated({ scope: 'platform:manage' })
  @ApiOperation({
    operationId: 'startImpersonation',
    summary: 'Look at a tenant as its viewer',
    description:
      'A token that reads and changes nothing, for at most an hour. The tenant sees who, when and why in its audit log.',
  })
  @ApiCreatedResponse({ type: ImpersonationDto })
  @ApiProblems(404, 413, 415, 422)
  async start(
    @CurrentPrincipal() principal: Principal,
    @Body() body: StartImpersonationDto,
    @Actor() actor: AuditActor,
  ): Promise<ImpersonationDto> {
    const tenantId = uuidOf('tenant', body.tenantId);
    if (!tenantId) {
      throw new ValidationFailedError([
        { pointer: '/tenantId', code: 'invalid', message: 'must be the id of a tenant' },
      ]);
    }
    return toImpersonationDto(await this.impersonations.start(principal, { ...body, tenantId }, actor));
  }

  @Delete(':id')
  @HttpCode(204)
  @Authenticated({ scope: 'platform:manage' })
  @ApiOperation({
    operationId: 'endImpersonation',
    summary: 'Stop looking',
    description: 'The token is refused within 5 s.',
  })
  @ApiParam({ name: 'id', example: 'imp_01m8323e5reaxrt2ryy9phpt8y' })
  @ApiNoContentResponse({ description: 'It has ended' })
  @ApiProblems(404)
  async end(
    @CurrentPrincipal() principal: Principal,
    @Param('id', new PublicIdPipe('impersonation')) id: string,
    @Actor() actor: AuditActor,
  ): Promise<void> {
    await this.impersonations.end(principal, id, actor);
  }
}
