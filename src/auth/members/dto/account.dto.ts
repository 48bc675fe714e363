import { ApiProperty, ApiPropertyOptional, ApiSchema, IntersectionType, PickType } from '@nestjs/swagger';
import { IsString, Length, Matches, MaxLength, MinLength } from 'class-validator';
import { PLAIN_TEXT } from '../../../common/plain-text.js';
import { IfGiven } from '../../dto/if-given.decorator.js';
import { LoginDto } from '../../dto/login.dto.js';

/** Body of POST /v1/auth/password/reset. */
@ApiSchema({ name: 'ResetPassword' })
export class ResetPasswordDto {
  @ApiProperty({
    description: 'The part of the link behind #',
    example: 'AZqv8TuwfXqL2m1Xp9bC0A.3q2-7wEjRWeJq83vASNFZ4mrze8BI0VniavN7wEjRWc',
  })
  @IsString()
  @Length(1, 200)
  token: string;

  @ApiProperty({
    format: 'password',
    minLength: 8,
    maxLength: 200,
    description: 'What is tried first is refused; 15 characters or more are better',
    example: 'seven lamps above the quay',
  })
  @IsString()
  @MinLength(1)
  @MaxLength(200)
  password: string;
}

/** Body of POST /v1/auth/invitations/accept. */
@ApiSchema({ name: 'AcceptInvitation' })
export class AcceptInvitationDto extends IntersectionType(ResetPasswordDto, PickType(LoginDto, ['session'])) {
  @ApiPropertyOptional({
    minLength: 1,
    maxLength: 100,
    description: 'Your name as you write it. Default: as whoever invited you wrote it',
    example: 'Mina Kim',
  })
  @IfGiven()
  @IsString()
  @Length(1, 100)
  @Matches(PLAIN_TEXT, { message: 'must not contain control characters' })
  @Matches(/\S/, { message: 'must not be blank' })
  name?: string;
}

/** Body of POST /v1/auth/invitations/inspect. */
@ApiSchema({ name: 'InspectInvitation' })
export class InspectInvitationDto extends PickType(ResetPasswordDto, ['token']) {}

/** Whom an invitation is for. */
@ApiSchema({ name: 'Invitation' })
export class InvitationDto {
  @ApiProperty({ enum: ['invitation'], example: 'invitation' })
  object: 'invitation';

  @ApiProperty({ format: 'email', example: 'mina@hanbit.example' })
  email: string;

  @ApiProperty({ example: 'Mina Kim' })
  name: string;
}

/** Body of POST /v1/auth/password/forgot. */
@ApiSchema({ name: 'ForgotPassword' })
export class ForgotPasswordDto extends PickType(LoginDto, ['tenant', 'email']) {}
