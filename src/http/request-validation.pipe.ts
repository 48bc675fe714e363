import { type ArgumentMetadata, type PipeTransform, ValidationPipe } from '@nestjs/common';
import type { ValidationError } from 'class-validator';
import { type FieldError, ValidationFailedError } from '../common/domain-error.js';
import { faultOfValue } from './fault-of-value.js';
import { MalformedRequestError } from './http.errors.js';

/** Validates DTO classes: unknown fields are refused; a bad body is 422, a bad query or path 400, each with its faults. */
export class RequestValidationPipe implements PipeTransform {
  private readonly body = pipe((faults) => new ValidationFailedError(faults));
  private readonly address = pipe(malformed);

  async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    if (metadata.type === 'body') assertAcceptable(value);
    const fault = metadata.type === 'query' ? faultOfValue(value) : null;
    if (fault) throw malformed([fault]);
    return (metadata.type === 'body' ? this.body : this.address).transform(value, metadata);
  }
}

/** @throws ValidationFailedError for a body that no route takes, whatever it expects */
export function assertAcceptable(body: unknown): void {
  const fault = faultOfValue(body);
  if (fault) throw new ValidationFailedError([fault]);
}

function malformed(faults: FieldError[]): MalformedRequestError {
  return new MalformedRequestError(faults.map((f) => `${f.pointer.slice(1)} ${f.message}`).join('; '), faults);
}

function pipe(toError: (faults: FieldError[]) => Error): ValidationPipe {
  return new ValidationPipe({
    whitelist: true,
    forbidNonWhitelisted: true,
    transform: true,
    exceptionFactory: (errors) => toError(errors.flatMap((error) => faultsOf(error, ''))),
  });
}

/** Faults of one field and of everything below it, with JSON pointers. Values are never repeated. */
export function faultsOf(error: ValidationError, parent: string): FieldError[] {
  const pointer = `${parent}/${error.property.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  const own = Object.entries(error.constraints ?? {});
  const unknown = own.find(([name]) => name === 'whitelistValidation');
  if (unknown) return [{ pointer, code: 'unknown_field', message: 'is not a field of this request' }];
  if (own.length > 0 && error.value === undefined) return [{ pointer, code: 'required', message: 'is required' }];
  const faults = own.map(([name, message]) => ({
    pointer,
    code: snakeCase(name),
    message: withoutName(message, error),
  }));
  return [...faults, ...(error.children ?? []).flatMap((child) => faultsOf(child, pointer))];
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`).replace(/^is_/, 'not_');
}

function withoutName(message: string, error: ValidationError): string {
  return message.startsWith(`${error.property} `) ? message.slice(error.property.length + 1) : message;
}
