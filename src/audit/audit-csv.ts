import { toCsv } from '../http/csv.js';
import type { LoggedEvent } from './audit-log.repository.js';
import { toAuditEventDto } from './dto/audit-event.dto.js';

const HEADER = [
  'id',
  'at',
  'tenantId',
  'actorType',
  'actorId',
  'action',
  'targetType',
  'targetId',
  'outcome',
  'reason',
  'ip',
  'before',
  'after',
  'requestId',
  'seq',
  'hash',
];

/** Events as CSV, with the same content as their JSON form. */
export function auditCsv(events: readonly LoggedEvent[], isOperator: boolean): string {
  const rows = events.map((event) => {
    const dto = toAuditEventDto(event, isOperator);
    const { actor, target, seal } = dto;
    return [
      dto.id,
      dto.at,
      dto.tenantId,
      actor.type,
      actor.id,
      dto.action,
      target?.type,
      target?.id,
      dto.outcome,
      dto.reason,
      actor.ip,
      event.before,
      event.after,
      dto.requestId,
      seal?.seq,
      seal?.hash,
    ];
  });
  return toCsv(HEADER, rows);
}
