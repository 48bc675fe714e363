import { ApiProperty, ApiSchema, IntersectionType, PickType } from '@nestjs/swagger';
import { IsString, Length } from 'class-validator';
import { PlainLine } from '../../../http/plain-line.decorator.js';
import { Password } from '../../dto/credential-fields.js';
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

  @Password({
    minLength: 8,
    maxLength: 200,
    description: 'What is tried first is refused; 15 characters or more are better',
    example: 'seven lamps above the quay',
  })
  password: string;
}

/** Body of POST /v1/auth/invitations/accept. */
@ApiSchema({ name: 'AcceptInvitation' })
export class AcceptInvitationDto extends IntersectionType(ResetPasswordDto, PickType(LoginDto, ['session'])) {
  @IfGiven()
  @PlainLine({
    required: false,
    maxLength: 100,
    description: 'Your name as you write it. Default: as whoever invited you wrote it',
    example: 'Mina Kim',
    isNeverBlank: true,
  })
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
