import { ApiProperty, ApiSchema } from '@nestjs/swagger';

/** Answer to a sign-in. */
@ApiSchema({ name: 'Tokens', description: 'An access token and what renews it' })
export class TokensDto {
  @ApiProperty({
    description: 'JWT (ES256, typ at+jwt) for "Authorization: Bearer"',
    example: 'eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCJ9.eyJzdWIiOiJtZW1fIn0.c2lnbmF0dXJl',
  })
  accessToken: string;

  @ApiProperty({ enum: ['Bearer'], example: 'Bearer' })
  tokenType: 'Bearer';

  @ApiProperty({ type: 'integer', description: 'Seconds', example: 300 })
  expiresIn: number;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'Null with a cookie session',
    example: 'AZqv8TuwfXqL2m1Xp9bC0A.3q2-7wEjRWeJq83vASNFZ4mrze8BI0VniavN7wEjRWc',
  })
  refreshToken: string | null;
}
