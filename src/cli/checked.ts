import type { Type } from '@nestjs/common';
import { DomainError, type FieldError } from '../common/domain-error.js';
import { RequestValidationPipe } from '../http/request-validation.pipe.js';
import { CommandRefusedError } from './command-refused.error.js';

const PIPE = new RequestValidationPipe();

/**
 * What was typed, under the rules of the route that does the same: its members are those of the body or query, and an
 * option is named after its member.
 * @throws CommandRefusedError that names the options at fault
 */
export async function checked<T extends object>(rules: Type<T>, typed: object): Promise<T> {
  try {
    return (await PIPE.transform(typed, { type: 'body', metatype: rules })) as T;
  } catch (error) {
    if (!(error instanceof DomainError) || !error.errors) throw error;
    throw new CommandRefusedError(`${sentenceOf(error.errors)}.`);
  }
}

/** `/expiresInMinutes must ...` is `--expires-in-minutes must ...`; each option once. */
function sentenceOf(faults: readonly FieldError[]): string {
  const byOption = new Map<string, Set<string>>();
  for (const { pointer, message } of faults) {
    const [, member = ''] = pointer.split('/');
    const option = member.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    byOption.set(option, (byOption.get(option) ?? new Set()).add(message));
  }
  return [...byOption].map(([option, messages]) => `--${option} ${[...messages].join(', ')}`).join('; ');
}
