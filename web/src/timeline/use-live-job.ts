import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { api, read } from '../api/client.js';
import { isTerminal, type Job, type JobStatus, type Transition } from '../api/types.js';
import { followJob } from './job-stream.js';
import { mergeTransitions, statusOf } from './transitions.js';

/** A job as the server knows it, kept up to date while the page is open. */
export interface LiveJob {
  readonly job: Job | undefined;
  readonly rows: readonly Transition[];
  readonly status: JobStatus | null;
  readonly error: Error | null;
  readonly isReconnecting: boolean;
  readonly refresh: () => void;
}

export const jobKey = (id: string) => ['job', id] as const;
const timelineKey = (id: string) => ['timeline', id] as const;

/** Reads a job and its timeline, then follows the stream from there; rows only ever patch what was read. */
export function useLiveJob(id: string): LiveJob {
  const queries = useQueryClient();
  const [isReconnecting, setReconnecting] = useState(false);
  const path = { params: { path: { id } } };
  const job = useQuery({ queryKey: jobKey(id), queryFn: () => read<Job>(api.GET('/v1/jobs/{id}', path)) });
  const timeline = useQuery({
    queryKey: timelineKey(id),
    queryFn: async () => (await read(api.GET('/v1/jobs/{id}/timeline', path))).data as Transition[],
    structuralSharing: false,
  });
  const rows = timeline.data ?? [];
  const status = statusOf(rows) ?? job.data?.status ?? null;
  const isFollowing = timeline.isSuccess && status !== null && !isTerminal(status);

  useEffect(() => {
    if (!isFollowing) return;
    const held = () => queries.getQueryData<Transition[]>(timelineKey(id)) ?? [];
    const refresh = () => {
      void queries.invalidateQueries({ queryKey: timelineKey(id) });
      void queries.invalidateQueries({ queryKey: jobKey(id) });
    };
    return followJob(id, held().at(-1)?.seq ?? 0, {
      onRow: (row) => {
        const merged = mergeTransitions(held(), [row]);
        if (merged.hasGap) return refresh();
        queries.setQueryData(timelineKey(id), merged.rows);
        void queries.invalidateQueries({ queryKey: jobKey(id) });
      },
      onConnected: (connected) => setReconnecting(!connected),
      onDoubt: refresh,
    });
  }, [id, isFollowing, queries]);

  return {
    job: job.data,
    rows,
    status,
    error: job.error ?? timeline.error,
    isReconnecting: isReconnecting && isFollowing,
    refresh: () => void Promise.all([job.refetch(), timeline.refetch()]),
  };
}
