import { Injectable } from '@nestjs/common';
import { newUuid } from '../common/ids.js';
import { withoutSecrets } from './without-secrets.js';

/** Events that belong to no tenant: operators, keys of the installation. */
export const PLATFORM_REALM = '00000000-0000-0000-0000-000000000000';

/** Who did it, as far as the request tells. */
export interface AuditActor {
  readonly type: 'member' | 'operator' | 'api_key' | 'system' | 'anonymous';
  /** Public id; null for system and anonymous. */
  readonly id: string | null;
  readonly ip?: string | null;
  readonly userAgent?: string | null;
  readonly requestId?: string | null;
}

/** The installation itself: demo data, schedules, commands. */
export const SYSTEM_ACTOR: AuditActor = { type: 'system', id: null };

/** One change, or one refused try. */
export interface AuditEntry {
  /** uuid of the tenant whose log it goes to; null = the platform's. */
  readonly tenantId: string | null;
  readonly actor: AuditActor;
  /** Dotted past tense: `tenant.suspended`, `api_key.created`. */
  readonly action: string;
  /** Its kind and public id (or its name, when it has no id). */
  readonly target?: { readonly type: string; readonly id: string } | null;
  /** Default `success`. */
  readonly outcome?: 'success' | 'failure' | 'denied';
  readonly reason?: string | null;
  /** The fields that changed, as they were. Members that look like secrets are left out. */
  readonly before?: object | null;
  readonly after?: object | null;
}

/** An open transaction: TypeORM's EntityManager or a client of a role's pool. */
export interface AuditConnection {
  query(text: string, values: unknown[]): Promise<unknown>;
}

const MAX_TEXT = 512;

const RECORD = `
  with e as (
    insert into maru.audit_events
      (tenant_id, id, actor_type, actor_id, action, target_type, target_id, outcome, reason, ip, user_agent, request_id, before, after)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
    returning tenant_id, id)
  insert into maru.audit_pending (tenant_id, event_id) select tenant_id, id from e`;

/** Writes the audit log. Stateless: a room that records lists it among its providers. */
@Injectable()
export class AuditTrail {
  /**
   * Records an entry in the caller's transaction, so that a change and its trace commit together or not at all. The
   * connection must be maru_app inside the tenant's transaction, or maru_platform.
   */
  async record(connection: AuditConnection, entry: AuditEntry): Promise<void> {
    const { actor, target } = entry;
    await connection.query(RECORD, [
      entry.tenantId ?? PLATFORM_REALM,
      newUuid(),
      actor.type,
      actor.id,
      entry.action,
      target?.type ?? null,
      target?.id ?? null,
      entry.outcome ?? 'success',
      short(entry.reason),
      actor.ip ?? null,
      short(actor.userAgent),
      short(actor.requestId),
      json(entry.before),
      json(entry.after),
    ]);
  }
}

function json(fields: object | null | undefined): string | null {
  return fields ? JSON.stringify(withoutSecrets(fields)) : null;
}

function short(text: string | null | undefined): string | null {
  return text?.replaceAll('\0', '').slice(0, MAX_TEXT) ?? null;
}
