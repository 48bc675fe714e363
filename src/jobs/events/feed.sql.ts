/**
 * The tenant's rows from a place on, below the oldest running transaction, with what the reader has to know beside them.
 * One row without `xid` when there are none. A row's `at` is the start of its transaction, at most a day (in fact seconds)
 * before it wrote: the bound on `at` only spares the parts of older days.
 * $1 tenant, $2 first xid, $3 `at` of the place or null, $4 most rows, $5 most jobs in them, but at least the row of the place and the one
 * after it;
 * `found` is how many rows there were before that cut.
 */
export const READ_FEED = `
with s as materialized (
  select pg_snapshot_xmin(pg_current_snapshot()) as watermark, pg_snapshot_xmax(pg_current_snapshot()) as ceiling, now() as now,
         now() - (select p.keep from maru.partition_plans p where p.table_name = 'job_feed') as kept,
         coalesce($3::timestamptz - interval '1 day', '-infinity') as since)
select s.watermark::text, s.now, coalesce($3::timestamptz < s.kept, false) or $2::xid8 > s.ceiling as expired,
       exists (select from maru.job_feed f where f.tenant_id = $1 and f.xid >= s.watermark and f.at >= s.since) as held,
       r.xid::text, r.at, r.ids, r.seqs, r.ns, r.found
  from s
  left join lateral (
    select * from (
      select p.*, sum(cardinality(p.seqs)) over (order by p.xid) - cardinality(p.seqs) as before, row_number() over (order by p.xid) as place,
             count(*) over ()::int as found
        from (
          select f.xid, f.at, f.ids, f.seqs, f.ns from maru.job_feed f
           where f.tenant_id = $1 and f.xid >= $2::xid8 and f.xid < s.watermark and f.at >= s.since
           order by f.xid limit $4) p) p
     where p.before < $5 or p.place <= 2) r on true
 order by r.xid`;
