import { uuidOf } from '../../common/ids.js';
import { plainArray } from '../../database/array-parameters.js';
import { ERASE_INPUTS, ERASE_RESULTS, EXPIRE_FILES, LOCK_FILES, LOCK_JOBS, UNLINK_FILES } from './erasure.sql.js';

/** Sends a statement inside an open transaction; gives its rows. */
export type Send = <R>(text: string, values: unknown[]) => Promise<R[]>;

/** What an erasure did. */
export interface Erased {
  /** Jobs whose data went now; those that were erased before do not count. */
  readonly jobs: number;
  /** uuids of files that no other job needs: their bytes may go once the transaction is committed. */
  readonly files: readonly string[];
}

interface LockedJob {
  readonly id: string;
  readonly files: readonly string[] | null;
}

/**
 * Erases inputs and results of a tenant's jobs and lets go of their files. The caller knows that they have ended.
 * @param jobIds uuids
 */
export async function eraseJobs(send: Send, tenantId: string, jobIds: readonly string[]): Promise<Erased> {
  const asked = keysOf(tenantId, [...jobIds].sort());
  const locked = jobIds.length > 0 ? await send<LockedJob>(LOCK_JOBS, asked) : [];
  if (locked.length === 0) return { jobs: 0, files: [] };
  const keys = keysOf(
    tenantId,
    locked.map((job) => job.id),
  );
  await send(ERASE_INPUTS, keys);
  await send(ERASE_RESULTS, keys);
  return { jobs: locked.length, files: await releaseFiles(send, tenantId, locked) };
}

async function releaseFiles(send: Send, tenantId: string, jobs: readonly LockedJob[]): Promise<string[]> {
  const needs = jobs.flatMap((job) =>
    (job.files ?? []).flatMap((publicId) => {
      const file = uuidOf('file', publicId);
      return file ? [{ file, job: job.id }] : [];
    }),
  );
  if (needs.length === 0) return [];
  const files = plainArray([...new Set(needs.map((need) => need.file))]);
  const mine = (await send<{ id: string }>(LOCK_FILES, [tenantId, files])).map((row) => row.id);
  await send(UNLINK_FILES, [tenantId, plainArray(needs.map((n) => n.file)), plainArray(needs.map((n) => n.job))]);
  if (mine.length === 0) return [];
  return (await send<{ id: string }>(EXPIRE_FILES, [tenantId, plainArray(mine)])).map((row) => row.id);
}

function keysOf(tenantId: string, ids: readonly string[]): unknown[] {
  return [tenantId, plainArray(ids), ids[0], ids.at(-1)];
}
