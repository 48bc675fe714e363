/**
 * Hands the ends that a CTE wrote to side work, for tenants that somebody subscribed to. The CTE has tenant_id, id,
 * status (a number of END_STATUS) and the column `seq` names, the job's last seq.
 */
export function outboxOf(cte: string, seq: string): string {
  return `
  insert into maru.outbox (tenant_id, kind, body)
  select e.tenant_id, 'job.' || s.name, json_build_object('jobId', e.id, 'seq', e.${seq}, 'status', s.name)
    from ${cte} e
   cross join lateral (select from maru.tenants t where t.id = e.tenant_id and t.outbox offset 0) t
   cross join lateral (values ((array['succeeded', 'failed', 'canceled', 'expired'])[e.status])) s(name)`;
}
