import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { IsBoolean } from 'class-validator';
import { IfGiven } from './if-given.decorator.js';

/** How to rotate. */
@ApiSchema({ name: 'RotateSigningKeys' })
export class RotateSigningKeysDto {
  @ApiPropertyOptional({
    default: false,
    description: 'True when a private key may be known to somebody: every access token ends within a minute',
    example: false,
  })
  @IfGiven()
  @IsBoolean()
  compromised: boolean = false;
}

/** What a rotation did. */
@ApiSchema({ name: 'SigningKeyRotation' })
export class SigningKeyRotationDto {
  @ApiProperty({
    description: 'Key id that signs, within two minutes',
    example: '019a6f3c-8c41-7d0e-9f0b-2f6f0f6f3c55',
  })
  current: string;

  @ApiProperty({ description: 'Published now, for the next rotation', example: '019a6f3c-8c41-7d0e-9f0b-2f6f0f6f3c56' })
  next: string;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'Accepted until its last token has expired; null after a compromise',
    example: '019a6f3c-8c41-7d0e-9f0b-2f6f0f6f3c54',
  })
  retired: string | null;
}
