import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, Length, MaxLength, MinLength } from 'class-validator';

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

  @ApiProperty({ format: 'email', example: 'owner@hanbit.example' })
  @IsString()
  @Length(3, 254)
  email: string;

  @ApiProperty({ format: 'password', example: 'correct horse battery staple' })
  @IsString()
  @MinLength(1)
  @MaxLength(200)
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
