import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { publicId } from '../../../common/ids.js';
import { PageOf } from '../../../http/page.js';
import { MEMBER_ROLES, type MemberRole } from '../../scopes.js';
import type { MadeLink } from '../account-links.service.js';
import type { Member, MemberStatus } from '../member.js';

/** A person of a tenant. */
@ApiSchema({ name: 'Member' })
export class MemberDto {
  @ApiProperty({ example: 'mem_01m8323e5reaxrt2ryy9phpt8y' })
  id: string;

  @ApiProperty({ enum: ['member'], example: 'member' })
  object: 'member';

  @ApiProperty({ format: 'email', example: 'mina@hanbit.example' })
  email: string;

  @ApiProperty({ example: 'Mina Kim' })
  name: string;

  @ApiProperty({ enum: MEMBER_ROLES, example: 'analyst' })
  role: MemberRole;

  @ApiProperty({
    enum: ['invited', 'active', 'disabled'],
    description: 'Invited people have no password yet; disabled ones cannot sign in',
    example: 'active',
  })
  status: MemberStatus;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'Null for the platform itself',
    example: 'mem_01m8323e5rfaqba79afy7192zq',
  })
  invitedBy: string | null;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true, example: '2026-11-23T02:00:00.000Z' })
  lastSignInAt: string | null;

  @ApiProperty({ format: 'date-time', example: '2026-11-20T02:00:00.000Z' })
  createdAt: string;
}

/** One page of members. */
export const MemberPageDto = PageOf(MemberDto, 'MemberPage');

/** A link that works once. */
@ApiSchema({ name: 'OneTimeLink' })
export class OneTimeLinkDto {
  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'Shown this once, to be handed on; null when it went to the member by mail',
    example:
      'http://hanbit.localhost:3000/invitation#AZqv8TuwfXqL2m1Xp9bC0A.3q2-7wEjRWeJq83vASNFZ4mrze8BI0VniavN7wEjRWc',
  })
  url: string | null;

  @ApiProperty({ format: 'date-time', example: '2026-11-30T02:00:00.000Z' })
  expiresAt: string;
}

/** A member and the link that was made for them. */
@ApiSchema({ name: 'MemberWithLink' })
export class MemberWithLinkDto extends MemberDto {
  @ApiProperty({ type: OneTimeLinkDto })
  link: OneTimeLinkDto;
}

/** The public form of a member. */
export function toMemberDto(member: Member): MemberDto {
  return {
    id: publicId('member', member.id),
    object: 'member',
    email: member.email,
    name: member.name,
    role: member.role,
    status: member.status,
    invitedBy: member.invitedBy,
    lastSignInAt: member.lastSignInAt?.toISOString() ?? null,
    createdAt: member.createdAt.toISOString(),
  };
}

/** The same with a fresh link. */
export function toMemberWithLinkDto({ member, link }: { member: Member; link: MadeLink }): MemberWithLinkDto {
  return { ...toMemberDto(member), link: { url: link.url, expiresAt: link.expiresAt.toISOString() } };
}
