import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { AuditActor } from '../../audit/audit-trail.js';
import { ApiProblems } from '../../http/api-problems.decorator.js';
import { Actor } from '../actor.decorator.js';
import { Authenticated } from '../authenticated.decorator.js';
import { CurrentPrincipal } from '../current-principal.decorator.js';
import type { Principal } from '../principal.js';
import {
  ConfirmSecondFactorDto,
  DisableSecondFactorDto,
  RecoveryCodesDto,
  SecondFactorDto,
  SecondFactorSecretDto,
  StartSecondFactorDto,
} from './dto/second-factor.dto.js';
import { MySecondFactor } from './my-second-factor.js';

/** One's own second factor: an authenticator app (TOTP, RFC 6238). */
@ApiTags('Authentication')
@Controller('v1/me/second-factor')
export class SecondFactorController {
  constructor(private readonly mine: MySecondFactor) {}

  @Get()
  @Authenticated({ scope: 'any' })
  @ApiOperation({
    operationId: 'getSecondFactor',
    summary: 'State of your second factor',
    description: 'Whether a sign-in asks for a code, and how many recovery codes are left. An API key gets 403.',
  })
  @ApiOkResponse({ type: SecondFactorDto })
  async get(@CurrentPrincipal() principal: Principal): Promise<SecondFactorDto> {
    return { object: 'second_factor', ...(await this.mine.status(principal)) };
  }

  @Post()
  @Authenticated({ scope: 'any' })
  @ApiOperation({
    operationId: 'startSecondFactor',
    summary: 'Get a secret for an authenticator app',
    description: 'Nothing changes until a code confirms it; until then a new secret replaces the old one.',
  })
  @ApiCreatedResponse({ type: SecondFactorSecretDto })
  @ApiProblems('already-exists', 413, 415, 422)
  start(@CurrentPrincipal() principal: Principal, @Body() body: StartSecondFactorDto): Promise<SecondFactorSecretDto> {
    return this.mine.start(principal, body.currentPassword);
  }

  @Post('confirm')
  @HttpCode(200)
  @Authenticated({ scope: 'any' })
  @ApiOperation({
    operationId: 'confirmSecondFactor',
    summary: 'Turn the second factor on',
    description: 'From now on a sign-in asks for a code after the password. The recovery codes are shown once.',
  })
  @ApiOkResponse({ type: RecoveryCodesDto })
  @ApiProblems('invalid-state-transition', 'already-exists', 413, 415, 422)
  async confirm(
    @CurrentPrincipal() principal: Principal,
    @Body() body: ConfirmSecondFactorDto,
    @Actor() actor: AuditActor,
  ): Promise<RecoveryCodesDto> {
    return { recoveryCodes: await this.mine.confirm(principal, body.code, actor) };
  }

  @Post('disable')
  @HttpCode(204)
  @Authenticated({ scope: 'any' })
  @ApiOperation({
    operationId: 'disableSecondFactor',
    summary: 'Turn the second factor off',
    description: 'Needs the password and a code, of the app or a recovery code.',
  })
  @ApiNoContentResponse({ description: 'A sign-in needs the password alone' })
  @ApiProblems('invalid-state-transition', 413, 415, 422)
  async disable(
    @CurrentPrincipal() principal: Principal,
    @Body() body: DisableSecondFactorDto,
    @Actor() actor: AuditActor,
  ): Promise<void> {
    await this.mine.turnOff(principal, body, actor);
  }
}
