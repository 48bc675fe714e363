import { Injectable } from '@nestjs/common';
import { AnalyzerRegistry } from '../analyzers/analyzer-registry.js';
import type { AnalyzerDefinition } from '../analyzers/analyzer.js';
import type { AuditActor } from '../audit/audit-trail.js';
import { fileRulesOf } from '../jobs/submission/file-rules.js';
import type { JobRequest } from '../jobs/submission/job-request.js';
import { JobSubmission } from '../jobs/submission/job-submission.js';
import { operatorContext } from './operator-context.js';
import { plainPng } from './plain-png.js';

/** A launch that goes on finds the job that it submitted before. */
const IDEMPOTENCY_KEY = 'onboarding-smoke';
const SIDE_PIXELS = 64;
const SAMPLES = 256;

/** The first job of a tenant: it takes the way of every other, and bills nothing. */
@Injectable()
export class SmokeJob {
  constructor(
    private readonly registry: AnalyzerRegistry,
    private readonly submission: JobSubmission,
  ) {}

  /**
   * Submits a job to the first of the analyzers that a made-up picture or series can be given to.
   * @returns the job's uuid; null when there is no such analyzer
   */
  async submit(tenantId: string, analyzers: readonly string[], actor: AuditActor): Promise<string | null> {
    for (const slug of analyzers) {
      const request = requestFor(this.registry.get(slug).definition);
      if (!request) continue;
      const { job } = await this.submission.submit(operatorContext(tenantId, actor), request);
      return job.rows.id;
    }
    return null;
  }
}

function requestFor({ slug, inputSchema }: AnalyzerDefinition): JobRequest | null {
  const picture = [...fileRulesOf(inputSchema)].find(([, rule]) => rule.accept.includes('image/png'));
  const hasSeries = 'values' in inputSchema.properties;
  if (!picture && !hasSeries) return null;
  const input = picture ? {} : { values: Array.from({ length: SAMPLES }, (_, i) => Math.sin(i / 8)) };
  const parts = picture ? [{ field: picture[0], name: 'smoke.png', content: plainPng(SIDE_PIXELS, SIDE_PIXELS) }] : [];
  const body = { analyzer: slug, input, test: true, metadata: { purpose: 'smoke' } };
  return { body, parts, idempotencyKey: IDEMPOTENCY_KEY, cancelAfterMs: null, traceId: null };
}
