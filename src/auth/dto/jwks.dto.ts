import { ApiProperty, ApiSchema } from '@nestjs/swagger';

/** One public key (RFC 7517). */
@ApiSchema({ name: 'JsonWebKey' })
export class JsonWebKeyDto {
  @ApiProperty({ example: 'EC' })
  kty: string;

  @ApiProperty({ example: 'P-256' })
  crv: string;

  @ApiProperty({ example: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU' })
  x: string;

  @ApiProperty({ example: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0' })
  y: string;

  @ApiProperty({ example: '019a6f3c-8c41-7d0e-9f0b-2f6f0f6f3c55' })
  kid: string;

  @ApiProperty({ example: 'sig' })
  use: string;

  @ApiProperty({ example: 'ES256' })
  alg: string;
}

/** Answer of GET /.well-known/jwks.json. */
@ApiSchema({ name: 'JsonWebKeySet' })
export class JwksDto {
  @ApiProperty({ type: [JsonWebKeyDto] })
  keys: JsonWebKeyDto[];
}
