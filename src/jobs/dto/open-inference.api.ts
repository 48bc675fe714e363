import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiHeader, ApiOkResponse, ApiOperation, ApiParam } from '@nestjs/swagger';
import { ApiProblems } from '../../http/api-problems.decorator.js';
import { OpenModelDto, OpenTensorDto } from './open-inference.dto.js';

/*
 * The documentation of the Open Inference Protocol operations, apart from the controller so that both can be read.
 */

const MODEL = ApiParam({
  name: 'model',
  description: 'Name of a model behind one of your analyzers',
  example: 'surface-net',
});
const VERSION = ApiParam({ name: 'version', description: 'Version that serves now', example: '1.0.0' });

const TENSOR = {
  type: 'object' as const,
  required: ['name', 'datatype', 'shape'],
  properties: {
    name: { type: 'string' as const, example: 'x' },
    datatype: { type: 'string' as const, example: 'FP32' },
    shape: { type: 'array' as const, items: { type: 'integer' as const }, example: [1, 1, 256, 1] },
    data: { type: 'array' as const, items: {}, description: 'Values, nested or flat; left out of a raw tensor' },
    parameters: {
      type: 'object' as const,
      properties: { binary_data_size: { type: 'integer' as const, description: 'Bytes of the raw tensor' } },
    },
  },
};
const REQUEST = {
  type: 'object' as const,
  required: ['inputs'],
  properties: {
    id: { type: 'string' as const, maxLength: 256 },
    parameters: { type: 'object' as const, properties: { binary_data_output: { type: 'boolean' as const } } },
    inputs: { type: 'array' as const, items: TENSOR },
    outputs: {
      type: 'array' as const,
      items: { type: 'object' as const, required: ['name'], properties: { name: { type: 'string' as const } } },
    },
  },
};
const ANSWER = {
  type: 'object' as const,
  required: ['model_name', 'model_version', 'outputs'],
  properties: {
    model_name: { type: 'string' as const, example: 'surface-net' },
    model_version: { type: 'string' as const, example: '1.0.0' },
    id: { type: 'string' as const },
    outputs: { type: 'array' as const, items: TENSOR },
  },
};
const BYTES = { schema: { type: 'string' as const, format: 'binary' } };
const HEADER_LENGTH = 'Inference-Header-Content-Length';

/** GET /v2/models/{model}[/versions/{version}] */
export function ApiDescribeModel(operationId: string): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId,
      summary: 'A model’s inputs and outputs',
      description: 'Metadata of the Open Inference Protocol v2.',
    }),
    ...paths(operationId),
    ApiOkResponse({ type: OpenModelDto }),
    ApiProblems(404),
  );
}

/** GET /v2/models/{model}[/versions/{version}]/ready */
export function ApiModelReady(operationId: string): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId,
      summary: 'Whether a model is served',
      description: '200 when the tenant may run the model, 404 otherwise.',
    }),
    ...paths(operationId),
    ApiProblems(404),
  );
}

/** POST /v2/models/{model}[/versions/{version}]/infer */
export function ApiInfer(operationId: string): MethodDecorator {
  const answers = { 'application/json': { schema: ANSWER }, 'application/octet-stream': BYTES };
  return applyDecorators(
    ApiOperation({
      operationId,
      summary: 'Run tensors through a model',
      description:
        'Open Inference Protocol v2 with the binary tensor extension. The request is stored, scheduled and billed as one job, whose path is in `Location`; all its rows share one inference batch. The answer comes when the job has ended: within 30 s, or the seconds of `Prefer: wait=N`, at the latest. A job that has not begun by then expires and costs nothing. Problems carry the protocol’s `error` too.',
      requestBody: {
        required: true,
        content: { 'application/json': { schema: REQUEST }, 'application/octet-stream': BYTES },
      },
    }),
    ...paths(operationId),
    ApiExtraModels(OpenTensorDto),
    ApiHeader({ name: HEADER_LENGTH, required: false, description: 'Bytes of the JSON before the raw tensors' }),
    ApiHeader({
      name: 'Idempotency-Key',
      required: false,
      description: '1 to 255 characters; repeating the request with it makes no second job',
    }),
    ApiHeader({ name: 'Prefer', required: false, description: '`wait=N`, at most 60 seconds' }),
    ApiOkResponse({
      content: answers,
      headers: {
        Location: { description: 'Path of the job', schema: { type: 'string' } },
        [HEADER_LENGTH]: { description: 'With raw outputs: bytes of the JSON', schema: { type: 'integer' } },
      },
    }),
    ApiProblems(404, 409, 'idempotency-in-progress', 413, 415, 'validation-failed', 'idempotency-key-reused', 429, 503),
  );
}

function paths(operationId: string): (MethodDecorator & ClassDecorator)[] {
  return operationId.includes('Version') ? [MODEL, VERSION] : [MODEL];
}
