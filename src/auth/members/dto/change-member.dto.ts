import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { PlainLine } from '../../../http/plain-line.decorator.js';
import { EmailAddress } from '../../dto/credential-fields.js';
import { IfGiven } from '../../dto/if-given.decorator.js';
import { MEMBER_ROLES, type MemberRole } from '../../scopes.js';

/** Whom to invite. */
@ApiSchema({ name: 'InviteMember' })
export class InviteMemberDto {
  @EmailAddress('mina@hanbit.example')
  email: string;

  @PlainLine({ maxLength: 100, description: 'Without control characters', example: 'Mina Kim' })
  name: string;

  @ApiProperty({ enum: MEMBER_ROLES, description: 'Only owners make owners', example: 'analyst' })
  @IsIn(MEMBER_ROLES)
  role: MemberRole;
}

/** What to change of a member. */
@ApiSchema({ name: 'ChangeMember' })
export class ChangeMemberDto {
  @IfGiven()
  @PlainLine({ required: false, maxLength: 100, example: 'Mina Kim', isNeverBlank: true })
  name?: string;

  @ApiPropertyOptional({ enum: MEMBER_ROLES, example: 'developer' })
  @IfGiven()
  @IsIn(MEMBER_ROLES)
  role?: MemberRole;

  @ApiPropertyOptional({
    enum: ['active', 'disabled'],
    description: 'Disabled ends every session',
    example: 'disabled',
  })
  @IfGiven()
  @IsIn(['active', 'disabled'])
  status?: 'active' | 'disabled';
}
