import type { LogLevel } from '@nestjs/common';

const LEVELS: readonly LogLevel[] = ['error', 'warn', 'log', 'debug'];

/** Nest's list of levels for one threshold: `warn` means errors and warnings. */
export function logLevels(threshold: 'error' | 'warn' | 'log' | 'debug'): LogLevel[] {
  return LEVELS.slice(0, LEVELS.indexOf(threshold) + 1);
}
