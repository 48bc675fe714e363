import { DomainError } from '../common/domain-error.js';

/** The server is too old for row-level security as Maru needs it. */
export class UnsupportedServerError extends DomainError {
  readonly code = 'unsupported-database-server';
  constructor(version: string) {
    super(
      `PostgreSQL ${version} is too old. Use 15.14, 16.10, 17.6 or newer, or unset DATABASE_URL for the embedded server.`,
    );
  }
}

/** A programming error: work of one tenant inside a transaction of another, or outside any. */
export class TenantScopeError extends DomainError {
  readonly code = 'internal-error';
}
