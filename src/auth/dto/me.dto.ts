import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { publicId } from '../../common/ids.js';
import type { PublicTenant } from '../../tenants/tenant.js';
import { type Principal, principalPublicId } from '../principal.js';
import { MEMBER_ROLES, PLATFORM_SCOPES, type Role, type Scope, TENANT_SCOPES } from '../scopes.js';
import type { Profile } from '../subject.js';

/** The tenant of a principal, in short. */
@ApiSchema({ name: 'MyTenant' })
export class MyTenantDto {
  @ApiProperty({ example: 'ten_01m8323e5rfaqba79afy7192zq' })
  id: string;

  @ApiProperty({ example: 'hanbit' })
  slug: string;

  @ApiProperty({ example: 'Hanbit' })
  name: string;
}

/** Answer of GET /v1/me. */
@ApiSchema({ name: 'Me', description: 'Who the credential belongs to and what it may do' })
export class MeDto {
  @ApiProperty({ description: '`mem_`, `opr_` or `key_`', example: 'mem_01m8323e5reaxrt2ryy9phpt8y' })
  id: string;

  @ApiProperty({ enum: ['member', 'operator', 'api_key'], example: 'member' })
  object: 'member' | 'operator' | 'api_key';

  @ApiProperty({ type: 'string', nullable: true, format: 'email', example: 'owner@hanbit.example' })
  email: string | null;

  @ApiProperty({ example: 'Owner of Hanbit' })
  name: string;

  @ApiProperty({ enum: [...MEMBER_ROLES, 'operator', 'api_key'], example: 'owner' })
  role: Role;

  @ApiProperty({ enum: [...TENANT_SCOPES, ...PLATFORM_SCOPES], isArray: true, example: ['jobs:read', 'jobs:write'] })
  scopes: Scope[];

  @ApiProperty({ enum: ['jwt', 'session', 'api_key'], description: 'Kind of credential in use', example: 'jwt' })
  credential: 'jwt' | 'session' | 'api_key';

  @ApiProperty({ type: MyTenantDto, nullable: true, description: 'Null for operators' })
  tenant: MyTenantDto | null;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'Saved by the portal',
    example: { mode: 'dark' },
  })
  preferences: Readonly<Record<string, unknown>>;
}

/** The principal as the client sees it. */
export function toMeDto(principal: Principal, profile: Profile, tenant: PublicTenant | null): MeDto {
  return {
    id: principalPublicId(principal),
    object: principal.kind,
    email: profile.email,
    name: profile.name,
    role: principal.role,
    scopes: [...principal.scopes],
    credential: principal.credential,
    tenant: tenant && { id: publicId('tenant', tenant.id), slug: tenant.slug, name: tenant.name },
    preferences: profile.preferences,
  };
}
