import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiHeader, ApiOkResponse, ApiOperation, ApiProduces } from '@nestjs/swagger';
import { ApiProblems } from '../../http/api-problems.decorator.js';
import { EventDto, EventPageDto } from './event.dto.js';

/*
 * The documentation of the event operations, apart from the controller so that both can be read.
 */

const EXAMPLE = `event: ready
id: q7mB1v0T3kZ6v2bJY0mX5c8d1nE4sRwAf3Kp9uLx0ZtGhQ
retry: 2000
data: {"at":"2026-11-23T02:00:00.000Z"}

event: stage
id: Zt0b9XyQm1v0T3kZ6v2bJY0mX5c8d1nE4sRwAf3Kp9uLx0
data: {"seq":5,"jobId":"job_01m8323e5rfbnv28231hc5mh2z","type":"stage.completed","stage":"infer","status":"running"}

`;

/** GET /v1/events */
export function ApiListEvents(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'listEvents',
      summary: 'Read the event log',
      description:
        'Every transition of every job of the tenant, in the order in which they were committed, oldest first; those of one job in the order of `seq`. ' +
        'Without `after` it begins with the oldest event kept. `cursor` is never null: keep it, and ask again later for what came after. ' +
        'A page can be short, even empty, while `hasMore` is true: the filter let nothing more through in what one request looks at.',
    }),
    ApiOkResponse({ type: EventPageDto, description: 'A part of the log' }),
    ApiProblems('malformed-request', 'invalid-page-token', 'event-history-expired'),
  );
}

/** GET /v1/events/stream */
export function ApiStreamEvents(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'streamEvents',
      summary: 'Follow all jobs live',
      description:
        'Server-sent events of the whole tenant: `ready` (first, with a cursor to resume from), `status`, `stage` and `done` (rows of timelines), `heartbeat` every 15 s. ' +
        'Every id is an opaque cursor; a reconnect resumes after `Last-Event-ID`, or after `after`, without a gap and without repetition, as far back as the log is kept. ' +
        'Without a cursor the stream begins now. It ends when the credential ends.',
    }),
    ApiHeader({
      name: 'Last-Event-ID',
      required: false,
      description: 'Cursor; wins over after',
      example: 'q7mB1v0T3kZ6v2bJY0mX5c8d1nE4sRwAf3Kp9uLx0ZtGhQ',
      schema: { type: 'string' },
    }),
    ApiProduces('text/event-stream'),
    ApiExtraModels(EventDto),
    ApiOkResponse({
      description: 'The events',
      content: {
        'text/event-stream': { schema: { type: 'string' }, examples: { rows: { summary: 'Two', value: EXAMPLE } } },
      },
    }),
    ApiProblems(406, 'malformed-request', 'invalid-page-token', 'event-history-expired'),
  );
}
