import { DomainError } from '../common/domain-error.js';
import { redacted } from '../common/redacted.js';
import { InvalidEnvironmentError } from '../config/env.dto.js';
import { CommandRefusedError } from './command-refused.error.js';

/** Says what failed, without a stack when a person can act on it, and makes the process end with 1. */
export function reportFailure(error: unknown): void {
  const isExpected =
    error instanceof DomainError || error instanceof CommandRefusedError || error instanceof InvalidEnvironmentError;
  const text = error instanceof Error ? ((isExpected ? undefined : error.stack) ?? error.message) : String(error);
  process.stderr.write(`${redacted(text)}\n`);
  process.exitCode = 1;
}
