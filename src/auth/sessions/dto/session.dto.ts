import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { publicId } from '../../../common/ids.js';
import { PageOf } from '../../../http/page.js';
import type { ListedSession } from '../session-list.repository.js';

/** A place where somebody is signed in. */
@ApiSchema({ name: 'Session' })
export class SessionDto {
  @ApiProperty({ example: 'ses_01m8323e5reaxrt2ryy9phpt8y' })
  id: string;

  @ApiProperty({ enum: ['session'], example: 'session' })
  object: 'session';

  @ApiProperty({
    enum: ['cookie', 'refresh'],
    description: 'A browser, or a client with refresh tokens',
    example: 'cookie',
  })
  kind: 'cookie' | 'refresh';

  @ApiProperty({ description: 'The session of this request', example: true })
  current: boolean;

  @ApiProperty({ type: 'string', nullable: true, description: 'Where it was opened', example: '203.0.113.9' })
  address: string | null;

  @ApiProperty({ type: 'string', nullable: true, description: 'As the client named itself', example: 'Mozilla/5.0' })
  userAgent: string | null;

  @ApiProperty({ format: 'date-time', example: '2026-11-20T02:00:00.000Z' })
  createdAt: string;

  @ApiProperty({ format: 'date-time', description: 'Within five minutes', example: '2026-11-23T02:00:00.000Z' })
  lastUsedAt: string;

  @ApiProperty({ format: 'date-time', description: 'Without another use', example: '2026-11-30T02:00:00.000Z' })
  expiresAt: string;
}

/** One page of sessions. */
export const SessionPageDto = PageOf(SessionDto, 'SessionPage');

/** @param currentId of the session that asks */
export function toSessionDto(session: ListedSession, currentId: string | null): SessionDto {
  return {
    id: publicId('session', session.id),
    object: 'session',
    kind: session.kind,
    current: session.id === currentId,
    address: session.address,
    userAgent: session.userAgent,
    createdAt: session.createdAt.toISOString(),
    lastUsedAt: session.lastUsedAt.toISOString(),
    expiresAt: session.expiresAt.toISOString(),
  };
}
