import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { IsString, Length, MaxLength, MinLength } from 'class-validator';

/** An e-mail address in a request; whoever stores it normalizes it. */
export function EmailAddress(example: string): PropertyDecorator {
  return applyDecorators(Length(3, 254), IsString(), ApiProperty({ format: 'email', example }));
}

interface PasswordOptions {
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly description?: string;
  readonly example?: string;
  /** False for a member that may be left out. */
  readonly required?: boolean;
}

/** A password in a request, of any length that a hash takes: whether it is good enough is judged where it is set. */
export function Password({
  example = 'correct horse battery staple',
  ...rest
}: PasswordOptions = {}): PropertyDecorator {
  const documented = { format: 'password', ...rest, example };
  return applyDecorators(MaxLength(200), MinLength(1), IsString(), ApiProperty(documented));
}
