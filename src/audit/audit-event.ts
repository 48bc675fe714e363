/** An event of the audit log as it is stored. */
export interface AuditEvent {
  /** uuid. */
  readonly tenantId: string;
  /** uuid, version 7. */
  readonly id: string;
  /** RFC 3339 with microseconds, UTC. */
  readonly at: string;
  readonly actorType: string;
  readonly actorId: string | null;
  readonly action: string;
  readonly targetType: string | null;
  readonly targetId: string | null;
  readonly outcome: string;
  readonly reason: string | null;
  readonly ip: string | null;
  readonly userAgent: string | null;
  readonly requestId: string | null;
  /** JSON text, byte for byte as it was recorded. */
  readonly before: string | null;
  readonly after: string | null;
}

/** Columns of an event `e` in the order that the hash covers. Text, so that the same row is always the same bytes. */
export const EVENT_COLUMNS = `
  e.tenant_id::text as "tenantId", e.id::text as id,
  to_char(e.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at,
  e.actor_type as "actorType", e.actor_id as "actorId", e.action, e.target_type as "targetType", e.target_id as "targetId",
  e.outcome, e.reason, host(e.ip) as ip, e.user_agent as "userAgent", e.request_id as "requestId",
  e.before::text as before, e.after::text as after`;
