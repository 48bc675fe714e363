import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { TenantContext } from '../../auth/tenant-context.js';
import { dropBody } from '../../http/bound-bodies.js';
import { traceIdOf } from '../../http/trace-context.js';
import type { NamedTensor } from '../../inference/open-inference/named-tensor.js';
import { HEADER_LENGTH, writeTensors } from '../../inference/open-inference/tensor-message.js';
import type { OpenHealthDto, OpenModelDto } from '../dto/open-inference.dto.js';
import { closedSignal } from '../http/closed-signal.js';
import { idempotencyKeyOf } from '../http/idempotency-key.js';
import { waitPreference } from '../http/wait-preference.js';
import { type InferRequest, inferRequestOf } from './infer-request.js';
import { TensorsRefusedError } from './open-inference.errors.js';
import { TenantModels } from './tenant-models.js';
import { tensorInputOf } from './tensor-input.js';
import { TensorJobs } from './tensor-jobs.js';
import { toOpenModelDto } from './to-open-model-dto.js';

/** How long a request is held open without a `Prefer: wait=N`; the clients of the protocol know no other answer. */
const DEFAULT_WAIT_SECONDS = 30;
const SECOND_MS = 1_000;

/** The model that a path names; null = whichever version serves. */
export interface ModelPath {
  readonly name: string;
  readonly version: string | null;
}

/** The HTTP side of the Open Inference Protocol. */
@Injectable()
export class InferRequests {
  constructor(
    private readonly models: TenantModels,
    private readonly jobs: TensorJobs,
  ) {}

  /** @throws NotFoundError */
  async describe(context: TenantContext, path: ModelPath): Promise<OpenModelDto> {
    const { model } = await this.models.get(context.tenantId, path.name, path.version);
    return toOpenModelDto(model);
  }

  /** @throws NotFoundError */
  async ready(context: TenantContext, path: ModelPath): Promise<OpenHealthDto> {
    await this.models.get(context.tenantId, path.name, path.version);
    return { ready: true };
  }

  /** Runs one request as a job and waits for it. The answer is JSON, or JSON with raw tensors behind it. */
  async infer(
    context: TenantContext,
    path: ModelPath,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<Buffer | object> {
    const target = await this.models.get(context.tenantId, path.name, path.version);
    const asked = inferRequestOf(request.headers, request.body);
    assertOutputs(asked, target.model.outputs);
    const input = tensorInputOf(target.model, asked.inputs);
    const { headers } = request;
    const options = {
      idempotencyKey: idempotencyKeyOf(headers['idempotency-key']),
      traceId: traceIdOf(headers.traceparent),
      waitMs: Math.max(1, waitPreference(headers.prefer) ?? DEFAULT_WAIT_SECONDS) * SECOND_MS,
      signal: closedSignal(reply),
    };
    dropBody(request);
    const { jobId, modelVersion, outputs } = await this.jobs.run(context, target, input, options);
    void reply.status(200).header('Location', `/v1/jobs/${jobId}`);
    return answerOf(
      reply,
      { model_name: target.model.name, model_version: modelVersion, ...(asked.id !== null && { id: asked.id }) },
      asked,
      outputs,
    );
  }
}

function assertOutputs({ wanted }: InferRequest, known: readonly { readonly name: string }[]): void {
  const unknown = wanted?.find((name) => !known.some((output) => output.name === name));
  if (unknown !== undefined) throw new TensorsRefusedError('/outputs', `there is no output ${unknown}`);
}

function answerOf(
  reply: FastifyReply,
  head: object,
  { wanted, isBinary }: InferRequest,
  outputs: readonly NamedTensor[],
): Buffer | object {
  const chosen = wanted ? outputs.filter(({ name }) => wanted.includes(name)) : outputs;
  const { entries, parts } = writeTensors(chosen, isBinary);
  const message = { ...head, outputs: entries };
  if (parts.length === 0) return message;
  const json = Buffer.from(JSON.stringify(message));
  void reply.header(HEADER_LENGTH, json.length).header('Content-Type', 'application/octet-stream');
  return Buffer.concat([json, ...parts]);
}
