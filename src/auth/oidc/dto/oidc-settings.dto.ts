import { ApiProperty, ApiPropertyOptional, ApiSchema, OmitType } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayUnique, IsArray, IsBoolean, IsIn, IsString, IsUrl, Length, Matches } from 'class-validator';
import { PlainLine } from '../../../http/plain-line.decorator.js';
import { IfGiven } from '../../dto/if-given.decorator.js';
import type { TaggedOidcSettings } from '../oidc-administration.js';
import { DOMAIN } from '../email-domain.js';
import { GRANTABLE_ROLES, type GrantableRole } from '../oidc-settings.js';
import { AreOwnDomains } from './own-domains.validator.js';

/** The identity provider of a tenant, to set up. */
@ApiSchema({ name: 'SetOidcProvider' })
export class SetOidcProviderDto {
  @ApiProperty({
    format: 'uri',
    description: 'As it stands in id tokens; its metadata is read below /.well-known/openid-configuration',
    example: 'https://login.hanbit.example',
  })
  @IsUrl({ require_tld: false, require_protocol: true, protocols: ['https', 'http'] })
  @Length(1, 2_048)
  issuer: string;

  @PlainLine({ maxLength: 255, example: 'maru' })
  clientId: string;

  @ApiPropertyOptional({
    format: 'password',
    minLength: 1,
    maxLength: 1_000,
    description: 'Stored encrypted and never shown. Absent: the one that is stored for this issuer stays',
    example: 'the secret that the provider gave',
  })
  @IfGiven()
  @IsString()
  @Length(1, 1_000)
  clientSecret?: string;

  @IfGiven()
  @PlainLine({ required: false, maxLength: 40, default: 'SSO', description: 'On the button', example: 'Hanbit ID' })
  label: string = 'SSO';

  @ApiPropertyOptional({
    type: [String],
    maxItems: 50,
    default: [],
    description: 'Domains of e-mail addresses that may sign in; empty = any. Needed to create members',
    example: ['hanbit.example'],
  })
  @IfGiven()
  @IsArray()
  @ArrayMaxSize(50)
  @ArrayUnique()
  @Matches(DOMAIN, { each: true, message: 'must be a domain in lower case' })
  allowedDomains: string[] = [];

  @ApiPropertyOptional({
    type: [String],
    maxItems: 20,
    default: [],
    description:
      'For a provider that sends no `email_verified`: addresses of exactly these domains count as verified. Lower case, punycode. An `email_verified` that is not true is refused all the same. Name a domain only where you alone decide who gets its addresses at this provider',
    example: ['hanbit.example'],
  })
  @IfGiven()
  @AreOwnDomains()
  @ArrayMaxSize(20)
  @ArrayUnique()
  trustedEmailDomains: string[] = [];

  @ApiPropertyOptional({ default: false, description: 'Whether somebody without an account gets one', example: true })
  @IfGiven()
  @IsBoolean()
  createMembers: boolean = false;

  @ApiPropertyOptional({
    enum: GRANTABLE_ROLES,
    default: 'viewer',
    description: 'Of members made so',
    example: 'analyst',
  })
  @IfGiven()
  @IsIn(GRANTABLE_ROLES)
  defaultRole: GrantableRole = 'viewer';

  @ApiPropertyOptional({ default: true, example: true })
  @IfGiven()
  @IsBoolean()
  enabled: boolean = true;
}

/** The identity provider of a tenant. */
@ApiSchema({ name: 'OidcProvider' })
export class OidcProviderDto extends OmitType(SetOidcProviderDto, ['clientSecret']) {
  @ApiProperty({ enum: ['oidc_provider'], example: 'oidc_provider' })
  object: 'oidc_provider';

  @ApiProperty({
    type: [String],
    description: 'To be registered at the provider: one for each host of the portal',
    example: ['http://hanbit.localhost:3000/v1/auth/oidc/callback'],
  })
  redirectUris: string[];

  @ApiProperty({ format: 'date-time', example: '2026-11-23T02:00:00.000Z' })
  updatedAt: string;
}

/** The public form of the settings; the secret is not part of it. */
export function toOidcProviderDto(settings: TaggedOidcSettings, redirectUris: readonly string[]): OidcProviderDto {
  const { tag: _tag, updatedAt, allowedDomains, trustedEmailDomains, ...rest } = settings;
  return {
    object: 'oidc_provider',
    ...rest,
    allowedDomains: [...allowedDomains],
    trustedEmailDomains: [...trustedEmailDomains],
    redirectUris: [...redirectUris],
    updatedAt: updatedAt.toISOString(),
  };
}
