import { ApiProperty, ApiSchema, PickType } from '@nestjs/swagger';
import type { ProviderReport } from '../provider-check.js';
import { FAULT_SENTENCES, PROVIDER_FAULTS, type ProviderFault } from '../provider-fault.js';
import { SetOidcProviderDto } from './oidc-settings.dto.js';

/** An issuer to look at. */
@ApiSchema({ name: 'TestOidcProvider' })
export class TestOidcProviderDto extends PickType(SetOidcProviderDto, ['issuer']) {}

/** How an issuer answered. */
@ApiSchema({ name: 'OidcProviderTest' })
export class OidcProviderTestDto {
  @ApiProperty({ enum: ['oidc_provider_test'], example: 'oidc_provider_test' })
  object: 'oidc_provider_test';

  @ApiProperty({ description: 'Whether it can be used', example: true })
  ok: boolean;

  @ApiProperty({
    type: 'string',
    enum: [...PROVIDER_FAULTS, null],
    nullable: true,
    description:
      '`unresolved` unknown host, `unreachable` no answer, `tls` bad certificate, `timeout` too slow, `no_metadata` not an OpenID provider, `other_issuer` it calls itself as `issuer` says, `shared` many organizations share it, `incomplete` an address is missing; null when it can be used',
    example: null,
  })
  fault: ProviderFault | null;

  @ApiProperty({ type: 'string', nullable: true, description: 'The fault in a sentence', example: null })
  detail: string | null;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'As its metadata names it; null when none was read',
    example: 'https://login.hanbit.example',
  })
  issuer: string | null;

  @ApiProperty({
    type: 'boolean',
    nullable: true,
    description:
      'Whether it lists `email_verified` among its claims; when not, `trustedEmailDomains` says whose addresses count. Null when it lists none',
    example: true,
  })
  sendsEmailVerified: boolean | null;
}

/** The public form of a report. */
export function toOidcProviderTestDto({ fault, issuer, saysVerified }: ProviderReport): OidcProviderTestDto {
  return {
    object: 'oidc_provider_test',
    ok: fault === null,
    fault,
    detail: fault && FAULT_SENTENCES[fault],
    issuer,
    sendsEmailVerified: saysVerified,
  };
}

/** What is to be registered at a provider. */
@ApiSchema({ name: 'OidcRedirectUris' })
export class OidcRedirectUrisDto {
  @ApiProperty({ enum: ['list'], example: 'list' })
  object: 'list';

  @ApiProperty({
    type: [String],
    description: 'One for each host of the portal',
    example: ['http://hanbit.localhost:3000/v1/auth/oidc/callback'],
  })
  data: string[];
}
