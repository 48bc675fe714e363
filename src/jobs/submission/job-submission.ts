import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Analyzer } from '../../analyzers/analyzer.js';
import { principalPublicId } from '../../auth/principal.js';
import type { TenantContext } from '../../auth/tenant-context.js';
import { type FieldError, ValidationFailedError } from '../../common/domain-error.js';
import { newUuid } from '../../common/ids.js';
import { JobAdmission } from '../admission/job-admission.js';
import { type TenantAnalyzer, TenantAnalyzers } from '../catalog/tenant-analyzers.js';
import { DEFAULT_MAX_ATTEMPTS } from '../dto/create-job.dto.js';
import { BANDS } from '../job.js';
import { UnknownAnalyzerError } from '../jobs.errors.js';
import { canonicalJson, digestOf } from '../../common/canonical-json.js';
import { deadlineOf } from './deadline.js';
import { IdempotentWrites, type Submitted } from './idempotent-writes.js';
import { InputFiles, type ResolvedFile } from './input-files.js';
import type { JobRequest } from './job-request.js';
import type { NewJob } from './new-job.js';

/** What a validated request would do. */
export interface Validated {
  readonly analyzer: Analyzer;
  /** As `jobs.priority`. */
  readonly band: number;
  readonly inputDigest: string;
  readonly units: number;
  /** Jobs that the tenant may submit now. */
  readonly quotaLeft: number;
}

/** A request that passed every check; its new files are not stored yet. */
interface Checked {
  readonly target: TenantAnalyzer;
  readonly files: readonly ResolvedFile[];
  readonly deadline: Date | null;
  readonly inputDigest: string;
}

/** Turns requests into durable jobs. A 202 is answered after the commit, so a job that a client knows is never lost. */
@Injectable()
export class JobSubmission {
  constructor(
    private readonly analyzers: TenantAnalyzers,
    private readonly files: InputFiles,
    private readonly writes: IdempotentWrites,
    private readonly admission: JobAdmission,
  ) {}

  /**
   * @throws ValidationFailedError, UnknownAnalyzerError, IdempotencyKeyReusedError, IdempotencyInProgressError
   * @throws QueueQuotaExceededError, ServerBusyError and its kinds, when the job is not taken in
   * @param passTurn called before waits that are none of this process: for an address, for the commit
   */
  submit(context: TenantContext, request: JobRequest, passTurn = (): void => undefined): Promise<Submitted> {
    return this.writes.once(context, keyOf(request), async () => {
      const checked = await this.check(context, request, passTurn);
      const input = await this.files.store(context, request.body.input, checked.files);
      passTurn();
      return newJobOf(context, request, checked, input);
    });
  }

  /** Runs every check of `submit` and stores nothing. */
  async validate(context: TenantContext, request: JobRequest): Promise<Validated> {
    const { target, inputDigest } = await this.check(context, request);
    const quotaLeft = await this.admission.left(context.tenantId);
    const { analyzer } = target;
    return { analyzer, band: bandOf(request), inputDigest, units: request.body.test ? 0 : 1, quotaLeft };
  }

  private async check(context: TenantContext, request: JobRequest, passTurn = (): void => undefined): Promise<Checked> {
    const { body } = request;
    const target = await this.analyzers.find(context.tenantId, body.analyzer);
    if (!target) throw new UnknownAnalyzerError();
    const { definition } = target.analyzer;
    const faults: FieldError[] = [];
    if (body.analyzerVersion != null && body.analyzerVersion !== definition.version) {
      faults.push({
        pointer: '/analyzerVersion',
        code: 'unknown_version',
        message: `must be "${definition.version}" or null`,
      });
    }
    const deadline = deadlineOf(body.deadline ?? null, request.cancelAfterMs, Date.now(), faults);
    const completed = this.files.complete(definition.inputSchema, body.input, request.parts, faults);
    for (const fault of target.faultsOf(completed)) {
      faults.push({ ...fault, pointer: `/input${fault.pointer}` });
    }
    if (faults.length > 0) throw new ValidationFailedError(faults);
    const files = await this.files.resolve(context, definition.inputSchema, body.input, request.parts, passTurn);
    return { target, files, deadline, inputDigest: inputDigestOf(body.input, files) };
  }
}

/** The input with its files replaced by their content's digest: equal pictures under different ids are equal inputs. */
function inputDigestOf(input: Readonly<Record<string, unknown>>, files: readonly ResolvedFile[]): string {
  return digestOf({ ...input, ...Object.fromEntries(files.map((f) => [f.field, { sha256: f.sha256 }])) });
}

function bandOf({ body }: JobRequest): number {
  return BANDS.indexOf(body.priority ?? 'standard');
}

function keyOf(request: JobRequest): { key: string; fingerprint: string } | null {
  if (request.idempotencyKey === null) return null;
  const parts = request.parts.map((p) => [p.field, createHash('sha256').update(p.content).digest('hex')]);
  const fingerprint = createHash('sha256')
    .update(`POST /v1/jobs ${canonicalJson([request.body, parts])}`)
    .digest('hex');
  return { key: request.idempotencyKey, fingerprint };
}

function newJobOf(
  context: TenantContext,
  request: JobRequest,
  checked: Checked,
  input: Readonly<Record<string, unknown>>,
): Omit<NewJob, 'idempotency'> {
  const { body } = request;
  const { definition } = checked.target.analyzer;
  return {
    tenantId: context.tenantId,
    id: newUuid(),
    analyzerId: checked.target.id,
    analyzerSlug: definition.slug,
    analyzerVersion: definition.version,
    priority: bandOf(request),
    maxAttempts: body.retry?.maxAttempts ?? DEFAULT_MAX_ATTEMPTS,
    test: body.test ?? false,
    deadline: checked.deadline,
    createdBy: principalPublicId(context.principal),
    traceId: request.traceId,
    inputDigest: checked.inputDigest,
    metadata: body.metadata ?? {},
    input,
    origin: null,
  };
}
