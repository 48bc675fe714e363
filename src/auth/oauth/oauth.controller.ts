import { Controller, Get, HttpCode, Post, Req, UseFilters } from '@nestjs/common';
import {
  ApiBody,
  ApiConsumes,
  ApiExtraModels,
  ApiOkResponse,
  ApiOperation,
  ApiResponse,
  ApiTags,
  getSchemaPath,
} from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { ServerConfig } from '../../config/config.js';
import { ProblemDto } from '../../http/problem.dto.js';
import { Authenticated } from '../authenticated.decorator.js';
import { GRANTABLE_TO_KEYS } from '../scopes.js';
import { ClientCredentials } from './client-credentials.js';
import { AuthorizationServerDto, MachineTokensDto, OauthErrorDto, TokenRequestDto } from './dto/oauth.dto.js';
import { OauthErrorFilter } from './oauth-error.filter.js';
import { readTokenRequest } from './token-request.js';

const refusal = (status: number, description: string, error: string) =>
  ApiResponse({
    status,
    description,
    content: {
      'application/json': {
        schema: { $ref: getSchemaPath(OauthErrorDto) },
        example: { error, error_description: description },
      },
      'application/problem+json': { schema: { $ref: getSchemaPath(ProblemDto) } },
    },
  });

/** OAuth for machines. */
@ApiTags('Authentication')
@ApiExtraModels(OauthErrorDto)
@UseFilters(OauthErrorFilter)
@Controller()
export class OauthController {
  constructor(
    private readonly credentials: ClientCredentials,
    private readonly server: ServerConfig,
  ) {}

  @Post('oauth/token')
  @HttpCode(200)
  @refusal(400, 'The request is not one of the client credentials grant, or asks for too much', 'invalid_request')
  @refusal(401, 'The id or the secret of the client is not right', 'invalid_client')
  @Authenticated({ scope: 'public' })
  @ApiOperation({
    operationId: 'createMachineToken',
    summary: 'Exchange an API key for an access token',
    description:
      'OAuth 2.0 client credentials (RFC 6749): the client is an API key, its id is the client id, the key itself the secret. The token lives for 15 min; there is no refresh token. Errors are those of RFC 6749.',
  })
  @ApiConsumes('application/x-www-form-urlencoded')
  @ApiBody({ type: TokenRequestDto })
  @ApiOkResponse({ type: MachineTokensDto })
  token(@Req() request: FastifyRequest): Promise<MachineTokensDto> {
    return this.credentials.exchange(readTokenRequest(request.headers, request.body), request.ip);
  }

  @Get('.well-known/oauth-authorization-server')
  @Authenticated({ scope: 'public' })
  @ApiOperation({
    operationId: 'getAuthorizationServer',
    summary: 'What this authorization server can do',
    description: 'Metadata (RFC 8414), for OAuth libraries that configure themselves.',
  })
  @ApiOkResponse({ type: AuthorizationServerDto })
  metadata(): AuthorizationServerDto {
    const issuer = this.server.publicUrl;
    return {
      issuer,
      token_endpoint: `${issuer}/oauth/token`,
      jwks_uri: `${issuer}/.well-known/jwks.json`,
      grant_types_supported: ['client_credentials'],
      response_types_supported: [],
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
      scopes_supported: [...GRANTABLE_TO_KEYS],
      service_documentation: `${issuer}/docs`,
    };
  }
}
