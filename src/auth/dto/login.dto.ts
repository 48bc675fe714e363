import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { EmailAddress, Password } from './credential-fields.js';

/** Body of POST /v1/auth/login. */
export class LoginDto {
  @ApiPropertyOptional({
    description:
      'Slug of the tenant. Leave it out on the host of a tenant; on the platform host that means an operator',
    example: 'hanbit',
  })
  @IsOptional()
  @IsString()
  @MaxLength(63)
  tenant?: string;

  @EmailAddress('owner@hanbit.example')
  email: string;

  @Password()
  password: string;

  @ApiPropertyOptional({
    enum: ['cookie'],
    description: '`cookie` opens a browser session: an HttpOnly cookie instead of a refresh token',
    example: 'cookie',
  })
  @IsOptional()
  @IsIn(['cookie'])
  session?: 'cookie';
}
