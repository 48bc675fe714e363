import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { IsOptional, IsString, Length, Matches } from 'class-validator';
import { PLAIN_TEXT } from '../../common/plain-text.js';

/** Whom the platform invites as the first owner of a tenant. */
@ApiSchema({ name: 'InviteOwner' })
export class InviteOwnerDto {
  @ApiProperty({ format: 'email', example: 'owner@hanbit.example' })
  @IsString()
  @Length(3, 254)
  email: string;

  @ApiPropertyOptional({
    minLength: 1,
    maxLength: 100,
    description: 'Default: the part of the address before the @',
    example: 'Mina Kim',
  })
  @IsOptional()
  @IsString()
  @Length(1, 100)
  @Matches(PLAIN_TEXT, { message: 'must not contain control characters' })
  name?: string;
}
