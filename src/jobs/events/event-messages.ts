import { Injectable, type MessageEvent } from '@nestjs/common';
import type { EventDto } from '../dto/event.dto.js';
import { publicId } from '../../common/ids.js';
import { jobPath } from '../reading/to-job-dto.js';
import { toTransitionDto } from '../reading/to-transition-dto.js';
import { eventName, RETRY_MS } from '../watching/stream-events.js';
import type { EventCursor } from './event-cursor.js';
import { EventCursors } from './event-cursors.js';
import type { JobEvent } from './job-event.js';

/** Events as clients see them. Every message of the stream carries a cursor as its id. */
@Injectable()
export class EventMessages {
  constructor(private readonly cursors: EventCursors) {}

  /** An event of the list. */
  dto(tenantId: string, event: JobEvent): EventDto {
    const jobId = publicId('job', event.jobId);
    const resultUrl = event.transition.status === 'succeeded' ? `${jobPath(jobId)}/result` : null;
    const cursor = this.cursors.seal(tenantId, event.cursor);
    return { ...toTransitionDto(jobId, event.transition), resultUrl, cursor };
  }

  /** A message of the stream; built once, as text, for all streams of the tenant. */
  event(tenantId: string, event: JobEvent): MessageEvent {
    return event.message(() => {
      const { cursor, ...data } = this.dto(tenantId, event);
      return { id: cursor, type: eventName(event.transition), data: JSON.stringify(data) };
    });
  }

  /** The first message: from here the client can resume. */
  ready(tenantId: string, cursor: EventCursor, at: Date): MessageEvent {
    return { ...this.sign('ready', tenantId, cursor, at), retry: RETRY_MS };
  }

  /** A sign of life that page code can see. */
  heartbeat(tenantId: string, cursor: EventCursor, at: Date): MessageEvent {
    return this.sign('heartbeat', tenantId, cursor, at);
  }

  private sign(type: string, tenantId: string, cursor: EventCursor, at: Date): MessageEvent {
    return { id: this.cursors.seal(tenantId, cursor), type, data: { at: at.toISOString() } };
  }
}
