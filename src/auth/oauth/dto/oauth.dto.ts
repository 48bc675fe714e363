import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { GRANTABLE_TO_KEYS } from '../../scopes.js';

/** Form of POST /oauth/token. */
@ApiSchema({ name: 'TokenRequest' })
export class TokenRequestDto {
  @ApiProperty({ enum: ['client_credentials'], example: 'client_credentials' })
  grant_type: string;

  @ApiPropertyOptional({
    description: 'Id of an API key; or in the Authorization header',
    example: 'key_01m8323e5rfaqba79afy7192zq',
  })
  client_id?: string;

  @ApiPropertyOptional({
    format: 'password',
    description: 'The API key; or in the Authorization header',
    example: 'maru_live_A1b2C3d4E5f60000000000000000000000000000000000000000000000000abcdef',
  })
  client_secret?: string;

  @ApiPropertyOptional({
    description: 'Space-separated; default: all that the key holds',
    example: 'jobs:read jobs:write',
  })
  scope?: string;
}

/** Answer of POST /oauth/token (RFC 6749). */
@ApiSchema({ name: 'MachineTokens' })
export class MachineTokensDto {
  @ApiProperty({ example: 'eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCJ9.eyJzdWIiOiJrZXlfIn0.c2lnbmF0dXJl' })
  access_token: string;

  @ApiProperty({ enum: ['Bearer'], example: 'Bearer' })
  token_type: 'Bearer';

  @ApiProperty({ type: 'integer', description: 'Seconds', example: 900 })
  expires_in: number;

  @ApiProperty({ example: 'jobs:read jobs:write' })
  scope: string;
}

/** Refusal of POST /oauth/token (RFC 6749 section 5.2). */
@ApiSchema({ name: 'OauthError' })
export class OauthErrorDto {
  @ApiProperty({
    enum: ['invalid_request', 'invalid_client', 'unsupported_grant_type', 'invalid_scope', 'unauthorized_client'],
    example: 'invalid_client',
  })
  error: string;

  @ApiProperty({ example: 'The id or the secret of the client is not right.' })
  error_description: string;
}

/** Answer of GET /.well-known/oauth-authorization-server (RFC 8414). */
@ApiSchema({ name: 'AuthorizationServer' })
export class AuthorizationServerDto {
  @ApiProperty({ format: 'uri', example: 'http://127.0.0.1:3000' })
  issuer: string;

  @ApiProperty({ format: 'uri', example: 'http://127.0.0.1:3000/oauth/token' })
  token_endpoint: string;

  @ApiProperty({ format: 'uri', example: 'http://127.0.0.1:3000/.well-known/jwks.json' })
  jwks_uri: string;

  @ApiProperty({ type: [String], example: ['client_credentials'] })
  grant_types_supported: string[];

  @ApiProperty({ type: [String], description: 'None: there is no authorization endpoint', example: [] })
  response_types_supported: string[];

  @ApiProperty({ type: [String], example: ['client_secret_basic', 'client_secret_post'] })
  token_endpoint_auth_methods_supported: string[];

  @ApiProperty({ enum: [...GRANTABLE_TO_KEYS], isArray: true, example: ['jobs:read', 'jobs:write'] })
  scopes_supported: string[];

  @ApiProperty({ format: 'uri', example: 'http://127.0.0.1:3000/docs' })
  service_documentation: string;
}
