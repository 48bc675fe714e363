import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { IsIn, IsString, Length, Matches } from 'class-validator';
import { PLAIN_TEXT } from '../../../common/plain-text.js';
import { IfGiven } from '../../dto/if-given.decorator.js';
import { MEMBER_ROLES, type MemberRole } from '../../scopes.js';

/** Whom to invite. */
@ApiSchema({ name: 'InviteMember' })
export class InviteMemberDto {
  @ApiProperty({ format: 'email', example: 'mina@hanbit.example' })
  @IsString()
  @Length(3, 254)
  email: string;

  @ApiProperty({ minLength: 1, maxLength: 100, description: 'Without control characters', example: 'Mina Kim' })
  @IsString()
  @Length(1, 100)
  @Matches(PLAIN_TEXT, { message: 'must not contain control characters' })
  name: string;

  @ApiProperty({ enum: MEMBER_ROLES, description: 'Only owners make owners', example: 'analyst' })
  @IsIn(MEMBER_ROLES)
  role: MemberRole;
}

/** What to change of a member. */
@ApiSchema({ name: 'ChangeMember' })
export class ChangeMemberDto {
  @ApiPropertyOptional({ minLength: 1, maxLength: 100, example: 'Mina Kim' })
  @IfGiven()
  @IsString()
  @Length(1, 100)
  @Matches(PLAIN_TEXT, { message: 'must not contain control characters' })
  @Matches(/\S/, { message: 'must not be blank' })
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
