import { ApiProperty, ApiSchema, IntersectionType, PickType } from '@nestjs/swagger';
import { IsString, Length, MaxLength, MinLength } from 'class-validator';
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
export class AcceptInvitationDto extends IntersectionType(ResetPasswordDto, PickType(LoginDto, ['session'])) {}

/** Body of POST /v1/auth/password/forgot. */
@ApiSchema({ name: 'ForgotPassword' })
export class ForgotPasswordDto extends PickType(LoginDto, ['tenant', 'email']) {}
