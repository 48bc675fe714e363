import { ApiProperty } from '@nestjs/swagger';
import { IsString, Length } from 'class-validator';

/** Body of POST /v1/auth/refresh. */
export class RefreshDto {
  @ApiProperty({
    description: 'The newest refresh token; a second use of an older one ends the session',
    example: 'AZqv8TuwfXqL2m1Xp9bC0A.3q2-7wEjRWeJq83vASNFZ4mrze8BI0VniavN7wEjRWc',
  })
  @IsString()
  @Length(1, 200)
  refreshToken: string;
}
