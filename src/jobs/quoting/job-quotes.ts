import { Injectable } from '@nestjs/common';
import { modelNamesOf } from '../../analyzers/chain-analyzer.js';
import type { TenantContext } from '../../auth/tenant-context.js';
import { UnitPrices } from '../../usage/unit-prices.js';
import type { ValidationAnswerDto } from '../dto/quote.dto.js';
import type { JobRequest } from '../submission/job-request.js';
import { JobSubmission } from '../submission/job-submission.js';
import { JobEstimates } from './job-estimates.js';

/** What a job would cost, and when it would start and end. */
@Injectable()
export class JobQuotes {
  constructor(
    private readonly submission: JobSubmission,
    private readonly prices: UnitPrices,
    private readonly estimates: JobEstimates,
  ) {}

  /** Runs the checks of a create and stores nothing. @throws what `JobSubmission.validate` throws */
  async quote(context: TenantContext, request: JobRequest): Promise<ValidationAnswerDto> {
    const { analyzer, band, inputDigest, units, quotaLeft } = await this.submission.validate(context, request);
    const job = { analyzer: analyzer.definition.slug, models: modelNamesOf(analyzer).length, band };
    const [amount, estimates] = await Promise.all([
      this.prices.amountOf(context.tenantId, units),
      this.estimates.of(context.tenantId, job),
    ]);
    return { valid: true, inputDigest, quote: { units, amount, ...estimates, quotaLeft } };
  }
}
