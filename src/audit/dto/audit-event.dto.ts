import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { publicId } from '../../common/ids.js';
import { PageOf } from '../../http/page.js';
import { PLATFORM_REALM } from '../audit-trail.js';
import type { LoggedEvent } from '../audit-log.repository.js';

const ACTOR_TYPES = ['member', 'operator', 'api_key', 'system', 'anonymous'] as const;
const OUTCOMES = ['success', 'failure', 'denied'] as const;

/** Who did it. */
@ApiSchema({ name: 'AuditActor' })
export class AuditActorDto {
  @ApiProperty({ enum: ACTOR_TYPES, example: 'operator' })
  type: (typeof ACTOR_TYPES)[number];

  @ApiProperty({ type: 'string', nullable: true, example: 'opr_01m8323e5rfbnv28231hc5mh2z' })
  id: string | null;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'Operators’ addresses are shown to operators only',
    example: null,
  })
  ip: string | null;

  @ApiProperty({ type: 'string', nullable: true, example: null })
  userAgent: string | null;
}

/** What was changed. */
@ApiSchema({ name: 'AuditTarget' })
export class AuditTargetDto {
  @ApiProperty({ example: 'tenant' })
  type: string;

  @ApiProperty({ example: 'ten_01m8323e5rfaqba79afy7192zq' })
  id: string;
}

/** Place of an event in the hash chain of its log. */
@ApiSchema({ name: 'AuditSeal' })
export class AuditSealDto {
  @ApiProperty({ type: 'integer', example: 17 })
  seq: number;

  @ApiProperty({ description: 'Hex', example: '3f2ab91c04de3f2ab91c04de3f2ab91c04de3f2ab91c04de3f2ab91c04de3f2a' })
  hash: string;
}

/** One event of the audit log. */
@ApiSchema({ name: 'AuditEvent' })
export class AuditEventDto {
  @ApiProperty({ example: 'aud_01m8323e5rfbnv28231hc5mh2z' })
  id: string;

  @ApiProperty({ enum: ['audit_event'], example: 'audit_event' })
  object: 'audit_event';

  @ApiProperty({ format: 'date-time', example: '2026-11-23T02:00:00.000Z' })
  at: string;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'Null: the platform itself',
    example: 'ten_01m8323e5rfaqba79afy7192zq',
  })
  tenantId: string | null;

  @ApiProperty({ type: AuditActorDto })
  actor: AuditActorDto;

  @ApiProperty({ example: 'tenant.suspended' })
  action: string;

  @ApiProperty({ type: AuditTargetDto, nullable: true })
  target: AuditTargetDto | null;

  @ApiProperty({ enum: OUTCOMES, example: 'success' })
  outcome: (typeof OUTCOMES)[number];

  @ApiProperty({ type: 'string', nullable: true, example: 'Unpaid invoice 2026-114' })
  reason: string | null;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    nullable: true,
    description: 'Changed fields as they were',
    example: { status: 'active' },
  })
  before: Record<string, unknown> | null;

  @ApiProperty({ type: 'object', additionalProperties: true, nullable: true, example: { status: 'suspended' } })
  after: Record<string, unknown> | null;

  @ApiProperty({ type: 'string', nullable: true, example: '01m8323e5rfbnv28231hc5mh2z' })
  requestId: string | null;

  @ApiProperty({ type: AuditSealDto, nullable: true, description: 'Null for some seconds after the event' })
  seal: AuditSealDto | null;
}

/** One page of the audit log. */
export const AuditPageDto = PageOf(AuditEventDto, 'AuditPage');

/** @param isOperator operators see where operators came from; tenants do not */
export function toAuditEventDto(event: LoggedEvent, isOperator: boolean): AuditEventDto {
  const showsOrigin = isOperator || event.actorType !== 'operator';
  return {
    id: publicId('auditEvent', event.id),
    object: 'audit_event',
    at: new Date(event.at).toISOString(),
    tenantId: event.tenantId === PLATFORM_REALM ? null : publicId('tenant', event.tenantId),
    actor: {
      type: event.actorType as AuditActorDto['type'],
      id: event.actorId,
      ip: showsOrigin ? event.ip : null,
      userAgent: showsOrigin ? event.userAgent : null,
    },
    action: event.action,
    target: event.targetType === null ? null : { type: event.targetType, id: event.targetId ?? '' },
    outcome: event.outcome as AuditEventDto['outcome'],
    reason: event.reason,
    before: fields(event.before),
    after: fields(event.after),
    requestId: event.requestId,
    seal: event.seq === null ? null : { seq: event.seq, hash: event.hash ?? '' },
  };
}

function fields(text: string | null): Record<string, unknown> | null {
  return text === null ? null : (JSON.parse(text) as Record<string, unknown>);
}
