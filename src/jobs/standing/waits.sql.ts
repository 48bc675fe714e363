/** Start of the first inference batch, in the text of a segment (`stage.completed` of `batch`). */
const START = `'"type":"stage.completed","at":"([^"]+)","stage":"batch"'`;

/**
 * From submit to the first inference batch of the last attempt, `ms`, of the latest jobs of one tenant that were submitted
 * in the last hour and have ended; null for one that never started. Along the primary keys. Commonly the whole attempt is
 * in the end's own segment; else its beginning is in the timeline.
 * @param tenant a SQL expression
 * @param most jobs
 */
export const waitsOf = (tenant: string, most: number): string => `
select greatest(0, extract(epoch from (case when position('"job.started"' in e.log) > 0 then substring(e.log from ${START})
         else coalesce(
           (select substring(s.items from ${START}) from maru.job_timeline s
             where s.tenant_id = ${tenant} and s.job_id = e.id and s.attempt = e.attempt and s.items like '%"stage":"batch"%'
             order by s.seq limit 1),
           substring(e.log from ${START})) end)::timestamptz - j.created_at)::float8 * 1000) as ms
  from (select id, attempt, log from maru.job_ends
         where tenant_id = ${tenant} and id >= (select maru.uuid_floor(now() - interval '1 hour'))
         order by tenant_id desc, id desc limit ${most}) e
 cross join lateral (select created_at from maru.jobs where tenant_id = ${tenant} and id = e.id limit 1) j offset 0`;

/** Median and ninth decile of `w.ms`, by nearest rank, ms. */
export const QUANTILES = `
round(percentile_disc(0.5) within group (order by w.ms))::int as p50,
round(percentile_disc(0.9) within group (order by w.ms))::int as p90`;
