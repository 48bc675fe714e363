import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsDate, IsOptional } from 'class-validator';
import { instantOf } from '../common/instant.js';

const RFC_3339_OR_DATE = /^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d))?$/;

/** An optional instant in a query, as a Date: RFC 3339, or a date alone, which is its midnight in UTC. */
export function QueryInstant(description: string, example: string): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({ type: 'string', format: 'date-time', description, example }),
    IsOptional(),
    Transform(({ value }: { value: unknown }) => (isInstantText(value) ? (instantOf(value) ?? value) : value)),
    IsDate({ message: 'must be an RFC 3339 time such as 2026-11-23T02:05:00.000Z, or a date' }),
  );
}

function isInstantText(value: unknown): value is string {
  return typeof value === 'string' && RFC_3339_OR_DATE.test(value);
}
