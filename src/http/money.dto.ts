import { ApiProperty, ApiSchema } from '@nestjs/swagger';

/** An amount of money. */
@ApiSchema({ name: 'Money', description: 'An amount of money' })
export class MoneyDto {
  @ApiProperty({ description: 'Decimal number as text', example: '12.50' })
  value: string;

  @ApiProperty({ description: 'ISO 4217', example: 'KRW' })
  currency: string;
}
