import { ConsoleLogger, type LogLevel } from '@nestjs/common';
import { inspect } from 'node:util';
import { redacted } from './redacted.js';

/** Nest's logger; nothing that looks like a secret leaves the process through it. */
export class RedactingLogger extends ConsoleLogger {
  constructor(logLevels: LogLevel[]) {
    super({ logLevels });
  }

  protected override formatMessage(
    logLevel: LogLevel,
    message: unknown,
    pidMessage: string,
    formattedLogLevel: string,
    contextMessage: string,
    timestampDiff: string,
  ): string {
    const text = typeof message === 'string' ? message : inspect(message, { depth: 6 });
    const safe = redacted(text);
    return super.formatMessage(logLevel, safe, pidMessage, formattedLogLevel, contextMessage, timestampDiff);
  }

  protected override printStackTrace(stack: string): void {
    if (stack) super.printStackTrace(redacted(stack));
  }
}
