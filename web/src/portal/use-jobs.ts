import { type InfiniteData, useInfiniteQuery, type UseInfiniteQueryResult } from '@tanstack/react-query';
import { type JobPage, type JobQuery, readJobs, refetchMs } from './jobs-query.js';

/** All jobs of the tenant, page by page, looked at again while the page is open. */
export function useJobs(query: JobQuery): UseInfiniteQueryResult<InfiniteData<JobPage>> {
  return useInfiniteQuery({
    queryKey: ['jobs', 'all', query.limit, query.status ?? null],
    queryFn: ({ pageParam }) => readJobs(query, pageParam),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextPageToken,
    refetchInterval: ({ state }) => refetchMs(state.data?.pages),
  });
}
