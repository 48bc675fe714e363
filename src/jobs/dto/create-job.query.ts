import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsBoolean } from 'class-validator';

const BOOLEANS: Readonly<Record<string, boolean>> = { true: true, false: false };

/** Query of a create. */
export class CreateJobQuery {
  @ApiPropertyOptional({
    type: 'boolean',
    default: false,
    description: 'True: run every check, answer 200 with a quote, store nothing',
    example: false,
  })
  @Transform(({ value }) => (typeof value === 'string' ? (BOOLEANS[value] ?? value) : value))
  @IsBoolean()
  validateOnly: boolean = false;
}
