import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { IsString, Length, Matches } from 'class-validator';
import { PLAIN_TEXT } from '../common/plain-text.js';

interface PlainLineOptions {
  /** Characters. */
  readonly maxLength: number;
  readonly description?: string;
  readonly example: string;
  readonly default?: string;
  /** False for a member that may be left out. */
  readonly required?: boolean;
  /** Whether spaces alone are refused. */
  readonly isNeverBlank?: boolean;
}

/** A line of text that people read, such as a name: 1 to `maxLength` characters, none of which breaks a layout. */
export function PlainLine({ isNeverBlank = false, ...documented }: PlainLineOptions): PropertyDecorator {
  return applyDecorators(
    ...(isNeverBlank ? [Matches(/\S/, { message: 'must not be blank' })] : []),
    Matches(PLAIN_TEXT, { message: 'must not contain control characters' }),
    Length(1, documented.maxLength),
    IsString(),
    ApiProperty({ minLength: 1, ...documented }),
  );
}
