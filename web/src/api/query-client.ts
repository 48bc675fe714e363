import { QueryClient } from '@tanstack/react-query';
import { ApiError } from './client.js';

const MAX_RETRIES = 2;

/** Answers of the API are final, except when nothing answered or the server asks to come back. */
export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        retry: (failures, error) =>
          failures < MAX_RETRIES && error instanceof ApiError && (error.status === 0 || error.status >= 500),
      },
    },
  });
}
