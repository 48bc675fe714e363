import pg from 'pg';
import { PRIORITY_BANDS } from '../../../src/gpu-scheduler/work-item.js';
import type { Trace, TraceDevice, TraceItem } from './trace.js';

export interface RecordedRange {
  readonly from: Date;
  readonly to: Date;
  /** Connection URL of a role that sees the rows of all tenants. */
  readonly database: string;
}

/** Jobs created in a range, with their timelines, also of tenants that are gone. The ids are of version 7, so the range prunes partitions. */
const JOBS = `
select j.tenant_id, coalesce(t.weight, 1) as weight, j.priority, j.analyzer_slug || ' ' || j.analyzer_version as analyzer,
       extract(epoch from j.created_at) * 1000 as created_ms, extract(epoch from j.deadline) * 1000 as deadline_ms,
       e.status, e.units, e.device_us, extract(epoch from e.finished_at) * 1000 as finished_ms, e.log,
       (select string_agg(s.items, ',' order by s.seq) from maru.job_timeline s
         where s.tenant_id = j.tenant_id and s.job_id = j.id) as items
  from maru.jobs j
  left join maru.tenants t on t.id = j.tenant_id
  left join maru.job_ends e on e.tenant_id = j.tenant_id and e.id = j.id
 where j.id >= $1 and j.id < $2
 order by j.id`;

interface JobRow {
  readonly tenant_id: string;
  readonly weight: number;
  readonly priority: number;
  readonly analyzer: string;
  readonly created_ms: string;
  readonly deadline_ms: string | null;
  readonly status: number | null;
  readonly units: number | null;
  readonly device_us: string | null;
  readonly finished_ms: string | null;
  readonly log: string | null;
  readonly items: string | null;
}

/** Where a job ran last, after the receipt in its timeline. */
interface Ran {
  readonly inferenceBatchId: string;
  readonly device: string;
  readonly deviceType: string;
  /** Rows, and their shape; absent in receipts of before they were kept. */
  readonly size?: number;
  readonly shapeBucket?: string;
  readonly model: { readonly id: string; readonly version: string };
}

interface Usual {
  readonly model: string;
  readonly bucket: string;
  readonly size: number;
}

/**
 * The platform's own record as a trace: an item per job, from its creation to its end, with the receipt of its last
 * execution. Jobs that never ran are given the model, shape and size of their analyzer's latest that did.
 * @throws Error when the range holds no execution, or the role sees none
 */
export async function readRecordedRange({ from, to, database }: RecordedRange): Promise<Trace> {
  const client = new pg.Client({ connectionString: database });
  await client.connect();
  try {
    const { rows } = await client.query<JobRow>(JOBS, [firstIdAt(from), firstIdAt(to)]);
    return traceOf(rows);
  } finally {
    await client.end();
  }
}

function traceOf(rows: readonly JobRow[]): Trace {
  const ran = rows.map(ranOf);
  const usual = usualOf(rows, ran);
  const devices = new Map<string, TraceDevice>();
  for (const run of ran) if (run) devices.set(run.device, { id: run.device, class: run.deviceType });
  const items = rows.flatMap((row, i) => {
    const known = usual.get(row.analyzer);
    return known ? [itemOf(row, ran[i] ?? null, known)] : [];
  });
  if (devices.size === 0) throw new Error('No job of this range ran on a device, or this role does not see it.');
  return { devices: [...devices.values()], items };
}

/** What the latest job of each analyzer ran with. */
function usualOf(rows: readonly JobRow[], ran: readonly (Ran | null)[]): ReadonlyMap<string, Usual> {
  return new Map(
    rows.flatMap(({ analyzer }, i) => {
      const run = ran[i];
      if (!run) return [];
      return [[analyzer, { model: run.model.id, bucket: run.shapeBucket ?? 'any', size: run.size ?? 1 }] as const];
    }),
  );
}

function itemOf(row: JobRow, ran: Ran | null, known: Usual): TraceItem {
  const isDone = row.status === 1 && row.finished_ms !== null;
  return {
    at: Number(row.created_ms),
    tenant: row.tenant_id,
    weight: row.weight,
    model: ran?.model.id ?? known.model,
    bucket: ran?.shapeBucket ?? known.bucket,
    band: PRIORITY_BANDS[row.priority] ?? 'standard',
    size: ran?.size ?? Math.max(known.size, row.units ?? 1),
    deadline: row.deadline_ms === null ? Infinity : Number(row.deadline_ms),
    cost: ran ? Number(row.device_us ?? 0) / 1000 : 0,
    batch: ran?.inferenceBatchId ?? null,
    device: ran?.device ?? null,
    finished: isDone ? Number(row.finished_ms) : Infinity,
  };
}

function ranOf({ items, log }: JobRow): Ran | null {
  const segments = [items, log].filter((segment) => segment !== null).join(',');
  const transitions = JSON.parse(`[${segments}]`) as { readonly execution?: Ran }[];
  return transitions.findLast(({ execution }) => execution)?.execution ?? null;
}

/** The least version 7 uuid of an instant. */
function firstIdAt(at: Date): string {
  const hex = at.getTime().toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}
