import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { MoneyDto } from '../../../http/money.dto.js';
import { PLAN_LIMIT_NAMES } from '../plan-limit-names.js';
import type { Plan } from '../plans.repository.js';

/** What a unit costs from an instant on. */
@ApiSchema({ name: 'PlanPrice' })
export class PlanPriceDto {
  @ApiProperty({ format: 'date-time', example: '2026-12-01T00:00:00.000Z' })
  validFrom: string;

  @ApiProperty({ type: MoneyDto })
  unitPrice: MoneyDto;
}

/** What the installation offers its tenants. */
@ApiSchema({ name: 'Plan' })
export class PlanDto {
  @ApiProperty({ enum: ['plan'], example: 'plan' })
  object: 'plan';

  @ApiProperty({ example: 'business' })
  name: string;

  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'integer' },
    description: `By name: ${PLAN_LIMIT_NAMES.join(', ')}`,
    example: {
      requests: 12_000,
      key: 6_000,
      submit: 6_000,
      daily: 1_000_000,
      gpu: 86_400_000,
      stored: 536_870_912_000,
    },
  })
  limits: Readonly<Record<string, number>>;

  @ApiProperty({ type: MoneyDto, nullable: true, description: 'Of a unit, now; null: no price is set' })
  unitPrice: MoneyDto | null;

  @ApiProperty({ type: [PlanPriceDto], description: 'Oldest first, those to come included' })
  prices: PlanPriceDto[];

  @ApiProperty({ type: 'integer', description: 'Tenants that have it now', example: 3 })
  tenants: number;
}

@ApiSchema({ name: 'PlanList' })
export class PlanListDto {
  @ApiProperty({ enum: ['list'], example: 'list' })
  object: 'list';

  @ApiProperty({ type: [PlanDto] })
  data: PlanDto[];
}

/** A plan as operators see it. */
export function toPlanDto({ name, limits, prices, tenants }: Plan): PlanDto {
  const now = new Date().toISOString();
  const priceOf = ({ value, currency }: Plan['prices'][number]): MoneyDto => ({ value, currency });
  const current = prices.findLast(({ validFrom }) => validFrom <= now);
  return {
    object: 'plan',
    name,
    limits,
    unitPrice: current ? priceOf(current) : null,
    prices: prices.map((price) => ({ validFrom: price.validFrom, unitPrice: priceOf(price) })),
    tenants,
  };
}
