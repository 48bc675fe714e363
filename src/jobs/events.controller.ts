import { Controller, Get, Headers, type MessageEvent, Query, Req, Sse, SseSignal } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { from, type Observable } from 'rxjs';
import { Authenticated } from '../auth/authenticated.decorator.js';
import type { AuthenticatedRequest } from '../auth/principal.js';
import { Tenant, type TenantContext } from '../auth/tenant-context.js';
import type { EventPageDto } from './dto/event.dto.js';
import { ApiListEvents, ApiStreamEvents } from './dto/events.api.js';
import { EventsQuery, EventStreamQuery } from './dto/events.query.js';
import { EventCursors } from './events/event-cursors.js';
import { filterOf } from './events/event-filter.js';
import { EventList } from './events/event-list.js';
import { EventStream } from './events/event-stream.js';
import { assertAcceptsEvents } from './http/accepts-events.js';
import { StreamLives } from './watching/stream-lives.js';

/** Everything that happens to a tenant's jobs: as a log and live. */
@ApiTags('Events')
@Controller('v1/events')
export class EventsController {
  constructor(
    private readonly events: EventList,
    private readonly streams: EventStream,
    private readonly cursors: EventCursors,
    private readonly lives: StreamLives,
  ) {}

  @Get()
  @Authenticated({ scope: 'jobs:read' })
  @ApiListEvents()
  list(@Tenant() { tenantId }: TenantContext, @Query() query: EventsQuery): Promise<EventPageDto> {
    return this.events.page(tenantId, filterOf(query), this.cursors.open(tenantId, query.after), query.limit);
  }

  @Sse('stream')
  @Authenticated({ scope: 'jobs:read' })
  @ApiStreamEvents()
  async stream(
    @Tenant() { tenantId }: TenantContext,
    @Query() query: EventStreamQuery,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Headers('accept') accept: string | undefined,
    @Req() request: AuthenticatedRequest,
    @SseSignal() client: AbortSignal,
  ): Promise<Observable<MessageEvent>> {
    assertAcceptsEvents(accept);
    const after = this.cursors.open(tenantId, lastEventId || query.after);
    const signal = this.lives.signal(request.credential, client);
    return from(await this.streams.open(tenantId, filterOf(query), after, signal));
  }
}
