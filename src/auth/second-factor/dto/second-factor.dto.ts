import { ApiProperty, ApiSchema, IntersectionType, PickType } from '@nestjs/swagger';
import { IsString, Length } from 'class-validator';
import { Password } from '../../dto/credential-fields.js';
import { LoginDto } from '../../dto/login.dto.js';

/** Body of POST /v1/me/second-factor. */
@ApiSchema({ name: 'StartSecondFactor' })
export class StartSecondFactorDto {
  @Password()
  currentPassword: string;
}

/** Body of POST /v1/me/second-factor/confirm. */
@ApiSchema({ name: 'ConfirmSecondFactor' })
export class ConfirmSecondFactorDto {
  @ApiProperty({ description: 'Six digits of the app, or a recovery code', example: '287082' })
  @IsString()
  @Length(6, 40)
  code: string;
}

/** Body of POST /v1/me/second-factor/disable. */
@ApiSchema({ name: 'DisableSecondFactor' })
export class DisableSecondFactorDto extends IntersectionType(StartSecondFactorDto, ConfirmSecondFactorDto) {}

/** Body of POST /v1/auth/login/second-factor. */
@ApiSchema({ name: 'AnswerChallenge' })
export class AnswerChallengeDto extends IntersectionType(ConfirmSecondFactorDto, PickType(LoginDto, ['session'])) {
  @ApiProperty({
    description: '`challenge` of the problem that the login answered with',
    example: 'AZqv8TuwfXqL2m1Xp9bC0A.3q2-7wEjRWeJq83vASNFZ4mrze8BI0VniavN7wEjRWc',
  })
  @IsString()
  @Length(1, 200)
  challenge: string;
}

/** State of one's second factor. */
@ApiSchema({ name: 'SecondFactor' })
export class SecondFactorDto {
  @ApiProperty({ enum: ['second_factor'], example: 'second_factor' })
  object: 'second_factor';

  @ApiProperty({ enum: ['off', 'pending', 'on'], description: '`pending`: not confirmed yet', example: 'on' })
  status: 'off' | 'pending' | 'on';

  @ApiProperty({ type: 'integer', example: 10 })
  recoveryCodesLeft: number;
}

/** A secret for an authenticator app. */
@ApiSchema({ name: 'SecondFactorSecret' })
export class SecondFactorSecretDto {
  @ApiProperty({
    description: 'Base 32, for apps without a camera; shown this once',
    example: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ',
  })
  secret: string;

  @ApiProperty({
    description: 'For a QR code',
    example:
      'otpauth://totp/Hanbit:mina%40hanbit.example?issuer=Hanbit&secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&algorithm=SHA1&digits=6&period=30',
  })
  uri: string;
}

/** Codes for whoever lost the phone. */
@ApiSchema({ name: 'RecoveryCodes' })
export class RecoveryCodesDto {
  @ApiProperty({ type: [String], description: 'Each works once; shown this once', example: ['9xk2-4tq7-b3w8-c5n1'] })
  recoveryCodes: string[];
}
