import { useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { api, ApiError, read } from './client.js';
import type { Me } from './types.js';

const ME = ['me'] as const;

/** Who is signed in; null = nobody. Nothing about the session is kept on the device but the HttpOnly cookie. */
export function useMe(): UseQueryResult<Me | null> {
  return useQuery({
    queryKey: ME,
    queryFn: async () => {
      try {
        return await read<Me>(api.GET('/v1/me'));
      } catch (error) {
        if (error instanceof ApiError && error.status === 401) return null;
        throw error;
      }
    },
    staleTime: 60_000,
  });
}

/** Signs in with a cookie of this host. */
export async function signIn(tenant: string | undefined, email: string, password: string): Promise<void> {
  await read(
    api.POST('/v1/auth/login', { body: { ...(tenant ? { tenant } : {}), email, password, session: 'cookie' } }),
  );
}

/** The second step of a sign-in, with the challenge of the first. */
export async function answerSecondFactor(challenge: string, code: string): Promise<void> {
  await read(api.POST('/v1/auth/login/second-factor', { body: { challenge, code, session: 'cookie' } }));
}

/** The challenge in the refusal of a right password; null for another failure. */
export function challengeIn(failure: unknown): string | null {
  if (!(failure instanceof ApiError) || failure.code !== 'second-factor-required') return null;
  const { challenge } = (failure.problem ?? {}) as { challenge?: unknown };
  return typeof challenge === 'string' ? challenge : null;
}

/** What changes the session: afterwards everything that was read for somebody else is gone. */
export function useSessionChange(): { readonly refresh: () => Promise<void>; readonly signOut: () => Promise<void> } {
  const queries = useQueryClient();
  const refresh = async () => {
    queries.removeQueries({ predicate: (query) => query.queryKey[0] !== ME[0] });
    await queries.resetQueries({ queryKey: ME });
  };
  const signOut = async () => {
    await read(api.POST('/v1/auth/logout')).catch(() => undefined);
    queries.setQueryData(ME, null);
    queries.removeQueries({ predicate: (query) => query.queryKey[0] !== ME[0] });
  };
  return { refresh, signOut };
}
