import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { AuditActor } from '../audit/audit-trail.js';
import { ApiProblems } from '../http/api-problems.decorator.js';
import { Actor } from './actor.decorator.js';
import { Authenticated } from './authenticated.decorator.js';
import { RotateSigningKeysDto, SigningKeyRotationDto } from './dto/signing-keys.dto.js';
import { SigningKeyRotation } from './signing-key-rotation.js';

/** The keys of access tokens, for operators. */
@ApiTags('Operator')
@Controller('v1/admin/signing-keys')
export class SigningKeysController {
  constructor(private readonly rotation: SigningKeyRotation) {}

  @Post('rotate')
  @HttpCode(200)
  @Authenticated({ scope: 'platform:manage' })
  @ApiOperation({
    operationId: 'rotateSigningKeys',
    summary: 'Rotate the keys of access tokens',
    description:
      'A worker does so every 30 days by itself. No request fails: the new key signs only when every process knows it.',
  })
  @ApiOkResponse({ type: SigningKeyRotationDto })
  @ApiProblems('invalid-state-transition', 413, 415, 422)
  rotate(@Body() body: RotateSigningKeysDto, @Actor() actor: AuditActor): Promise<SigningKeyRotationDto> {
    return body.compromised ? this.rotation.replaceCompromised(actor) : this.rotation.rotate(actor);
  }
}
