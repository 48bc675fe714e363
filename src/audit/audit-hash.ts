import { createHash } from 'node:crypto';
import type { AuditEvent } from './audit-event.js';

/** What the first seal of a chain follows. */
export const CHAIN_START = Buffer.alloc(32);

/** `sha256(previous hash, seq, every field of the event)`: the link that an event gets at place `seq` of its chain. */
export function auditHash(previous: Buffer, seq: number, event: AuditEvent): Buffer {
  const fields = [
    seq,
    event.tenantId,
    event.id,
    event.at,
    event.actorType,
    event.actorId,
    event.action,
    event.targetType,
    event.targetId,
    event.outcome,
    event.reason,
    event.ip,
    event.userAgent,
    event.requestId,
    event.before,
    event.after,
  ];
  return createHash('sha256').update(previous).update(JSON.stringify(fields)).digest();
}
