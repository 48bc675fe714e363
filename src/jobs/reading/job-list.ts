import { Injectable } from '@nestjs/common';
import type { TenantContext } from '../../auth/tenant-context.js';
import { instantOf } from '../../common/instant.js';
import { MalformedRequestError } from '../../http/http.errors.js';
import { type Page, pageOf } from '../../http/page.js';
import { PageTokens } from '../../http/page-tokens.js';
import type { JobDto } from '../dto/job.dto.js';
import type { ListJobsQuery } from '../dto/list-jobs.query.js';
import { unfoldJob } from '../job.js';
import type { JobFilter } from './job-filter.js';
import { JobsRepository } from './jobs.repository.js';
import { toJobDto } from './to-job-dto.js';

/** Lists of jobs, newest first unless asked otherwise. Jobs in a list carry no result. */
@Injectable()
export class JobList {
  constructor(
    private readonly repository: JobsRepository,
    private readonly tokens: PageTokens,
  ) {}

  /** @throws InvalidPageTokenError, MalformedRequestError */
  async page(context: TenantContext, query: ListJobsQuery): Promise<Page<JobDto>> {
    const { limit, pageToken, ...filters } = query;
    const binding = { tenantId: context.tenantId, list: 'jobs', filters };
    const afterId = this.tokens.open(pageToken, binding);
    const rows = await this.repository.findPage(context.tenantId, { filter: filterOf(query), limit, afterId });
    return pageOf(
      rows,
      limit,
      (row) => toJobDto(unfoldJob(row)),
      (last) => this.tokens.seal(last.id, binding),
    );
  }
}

function filterOf(query: ListJobsQuery): JobFilter {
  return {
    statuses: query.status ?? null,
    analyzer: query.analyzer ?? null,
    createdAfter: boundOf('createdAfter', query.createdAfter),
    createdBefore: boundOf('createdBefore', query.createdBefore),
    metadata: query.metadata ?? {},
    order: query.order ?? 'desc',
  };
}

function boundOf(name: string, text: string | undefined): Date | null {
  if (text === undefined) return null;
  const instant = instantOf(text);
  if (!instant) throw new MalformedRequestError(`${name} is not a date of the calendar.`);
  return instant;
}
