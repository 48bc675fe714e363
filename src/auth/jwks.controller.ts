import { Controller, Get, Header } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Authenticated } from './authenticated.decorator.js';
import { JwksDto } from './dto/jwks.dto.js';
import { SigningKeyRing } from './signing-key-ring.js';

/** Public keys for services that verify access tokens themselves. */
@ApiTags('Authentication')
@Controller('.well-known')
export class JwksController {
  constructor(private readonly ring: SigningKeyRing) {}

  @Get('jwks.json')
  @Authenticated({ scope: 'public' })
  @Header('Cache-Control', 'public, max-age=300')
  @ApiOperation({
    operationId: 'getJwks',
    summary: 'Public keys of access tokens',
    description: 'ES256 keys (RFC 7517): the current one, the next one, and those retired within the life of a token.',
  })
  @ApiOkResponse({ type: JwksDto })
  async get(): Promise<JwksDto> {
    return { keys: await this.ring.publicKeys() };
  }
}
