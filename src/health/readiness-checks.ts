/** What readiness looked at. */
export interface ReadinessChecks {
  readonly database: 'up' | 'down';
  /** `unknown` while the database is down. */
  readonly migrations: 'current' | 'pending' | 'unknown';
  /** True once this process is shutting down. */
  readonly draining: boolean;
}
