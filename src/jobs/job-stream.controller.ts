import { Controller, Headers, type MessageEvent, Param, Query, Req, Sse, SseSignal, UseFilters } from '@nestjs/common';
import {
  ApiExtraModels,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiProduces,
  ApiQuery,
  ApiResponse,
  ApiTags,
} from '@nestjs/swagger';
import { from, type Observable } from 'rxjs';
import { Authenticated } from '../auth/authenticated.decorator.js';
import type { AuthenticatedRequest } from '../auth/principal.js';
import { Tenant, type TenantContext } from '../auth/tenant-context.js';
import { ApiProblems } from '../http/api-problems.decorator.js';
import { TransitionDto } from './dto/transition.dto.js';
import { cursorOf } from './http/cursor.js';
import { PublicIdPipe } from '../http/public-id.pipe.js';
import { NothingNewError, NothingNewFilter } from './http/nothing-new.filter.js';
import { assertAcceptsEvents } from './http/accepts-events.js';
import { JobStream } from './watching/job-stream.js';
import { StreamLives } from './watching/stream-lives.js';

const EXAMPLE = `retry: 2000

id: 5
event: stage
data: {"seq":5,"jobId":"job_01m8323e5rfbnv28231hc5mh2z","type":"stage.completed","stage":"infer","durationMs":412,"status":"running"}

id: 7
event: done
data: {"seq":7,"jobId":"job_01m8323e5rfbnv28231hc5mh2z","status":"succeeded","resultUrl":"/v1/jobs/job_01m8323e5rfbnv28231hc5mh2z/result"}

`;

/** Live view of one job. */
@ApiTags('Jobs')
@Controller('v1/jobs')
export class JobStreamController {
  constructor(
    private readonly streams: JobStream,
    private readonly lives: StreamLives,
  ) {}

  @Sse(':id/stream')
  @UseFilters(NothingNewFilter)
  @Authenticated({ scope: 'jobs:read' })
  @ApiOperation({
    operationId: 'streamJob',
    summary: 'Follow a job live',
    description:
      'Server-sent events: `snapshot` (the whole job, first connection only), `status` and `stage` (rows of the timeline), `heartbeat` every 15 s, `done` (the last row), then the stream closes. It also closes when the credential ends, without `done`. ' +
      'Every id is a `seq`; a reconnect resumes after `Last-Event-ID`, or after `afterSeq` (0: the whole timeline), without a gap. After the end the reconnect is answered 204, which stops an EventSource.',
  })
  @ApiParam({ name: 'id', description: 'Job id', example: 'job_01m8323e5rfbnv28231hc5mh2z' })
  @ApiQuery({
    name: 'afterSeq',
    required: false,
    schema: { type: 'integer', minimum: 0 },
    description: 'Cursor',
    example: 0,
  })
  @ApiHeader({
    name: 'Last-Event-ID',
    required: false,
    description: 'Cursor; wins over afterSeq',
    example: '5',
    schema: { type: 'string' },
  })
  @ApiProduces('text/event-stream')
  @ApiExtraModels(TransitionDto)
  @ApiOkResponse({
    description: 'The events',
    content: {
      'text/event-stream': { schema: { type: 'string' }, examples: { rows: { summary: 'Two rows', value: EXAMPLE } } },
    },
  })
  @ApiResponse({ status: 204, description: 'The job has ended and the cursor has seen its last row' })
  @ApiProblems(404, 406, 'event-history-expired')
  async stream(
    @Tenant() context: TenantContext,
    @Param('id', new PublicIdPipe('job')) jobId: string,
    @Query('afterSeq') afterSeq: unknown,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Headers('accept') accept: string | undefined,
    @Req() request: AuthenticatedRequest,
    @SseSignal() client: AbortSignal,
  ): Promise<Observable<MessageEvent>> {
    assertAcceptsEvents(accept);
    const signal = this.lives.signal(request.credential, client);
    const stream = await this.streams.open(context, jobId, cursorOf(lastEventId, afterSeq), signal);
    if (!stream) throw new NothingNewError();
    return from(stream.events);
  }
}
