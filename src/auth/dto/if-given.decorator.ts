import { ValidateIf } from 'class-validator';

/** A member that may be left out but, unlike with IsOptional, must not be null. */
export function IfGiven(): PropertyDecorator {
  return ValidateIf((_object, value) => value !== undefined);
}
