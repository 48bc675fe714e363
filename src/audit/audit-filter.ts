/** Which events somebody asks for; every member narrows. */
export interface AuditFilter {
  /** Public id of the actor, or `system` or `anonymous`. */
  readonly actor?: string;
  /** Whole action, or its first part: `tenant` finds `tenant.suspended`. */
  readonly action?: string;
  /** Inclusive. */
  readonly from?: Date;
  /** Exclusive. */
  readonly to?: Date;
}

/** One page of the log, newest first. */
export interface AuditPage extends AuditFilter {
  /** Rows. */
  readonly limit: number;
  /** uuid of the last event of the page before. */
  readonly beforeId: string | null;
}
