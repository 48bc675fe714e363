import { END_STATUS, type EndStatus, isTerminal, type JobStatus } from '../job-status.js';
import type { JobPageRequest } from './job-filter.js';
import { jobColumns } from './jobs.sql.js';

const QUEUE_STATE: Partial<Record<JobStatus, number>> = { queued: 0, running: 1, canceling: 2 };

/** A statement with its parameters. */
export interface ListStatement {
  readonly text: string;
  readonly values: unknown[];
}

/**
 * A page of jobs, along the primary key (ids of version 7 are in creation order). One row more than asked tells whether
 * there is another page. Conditions are fixed texts; every value is a parameter.
 */
export function listJobs(tenantId: string, { filter, limit, afterId }: JobPageRequest): ListStatement {
  const values: unknown[] = [tenantId];
  const parameter = (value: unknown): string => `$${values.push(value)}`;
  const where = ['j.tenant_id = $1'];
  if (afterId) where.push(`j.id ${filter.order === 'desc' ? '<' : '>'} ${parameter(afterId)}::uuid`);
  if (filter.analyzer !== null) where.push(`j.analyzer_slug = ${parameter(filter.analyzer)}`);
  if (filter.createdAfter) where.push(`j.created_at > ${parameter(filter.createdAfter)}`);
  if (filter.createdBefore) where.push(`j.created_at < ${parameter(filter.createdBefore)}`);
  for (const [key, value] of Object.entries(filter.metadata)) {
    where.push(`j.metadata ->> ${parameter(key)}::text = ${parameter(value)}`);
  }
  if (filter.statuses) where.push(statusCondition(filter.statuses, parameter));
  const text = `select ${jobColumns('none')} from maru.jobs j where ${where.join(' and ')}
    order by j.tenant_id ${filter.order}, j.id ${filter.order} limit ${parameter(limit + 1)}`;
  return { text, values };
}

function statusCondition(statuses: readonly JobStatus[], parameter: (value: unknown) => string): string {
  const ends = statuses.filter((s): s is EndStatus => isTerminal(s)).map((s) => END_STATUS[s]);
  const states = statuses.flatMap((s) => QUEUE_STATE[s] ?? []);
  const any = [
    ends.length > 0 &&
      `exists (select from maru.job_ends e where e.tenant_id = j.tenant_id and e.id = j.id
                and e.status = any (${parameter(ends)}::smallint[]))`,
    states.length > 0 &&
      `exists (select from maru.job_queue q where q.tenant_id = j.tenant_id and q.band = j.priority and q.id = j.id
                and q.state = any (${parameter(states)}::smallint[]))`,
  ].filter(Boolean);
  return `(${any.join(' or ')})`;
}
