import { applyDecorators } from '@nestjs/common';
import { ApiNoContentResponse, ApiOperation, ApiParam } from '@nestjs/swagger';
import { ApiProblems } from '../../http/api-problems.decorator.js';

/** DELETE /v1/jobs/{id}/data */
export function ApiEraseJobData(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'eraseJobData',
      summary: 'Erase the data of a job',
      description:
        'Erases the input and the result of a job that has ended, and the uploaded files that no other job needs. Status, timeline, input digest, metadata and usage stay readable. Repeating it changes nothing.',
    }),
    ApiParam({ name: 'id', description: 'Job id', example: 'job_01m8323e5rfbnv28231hc5mh2z' }),
    ApiNoContentResponse({ description: 'Erased' }),
    ApiProblems(404, 'invalid-state-transition'),
  );
}
