import type { RunningMaru } from './running-maru.js';

/** A call of the API of a running Maru; fails the test when it is refused. */
export async function callMaru<T>(
  { baseUrl }: Pick<RunningMaru, 'baseUrl'>,
  method: string,
  path: string,
  body?: object,
  token?: string,
): Promise<T> {
  const headers = {
    ...(body ? { 'content-type': 'application/json' } : {}),
    ...(token ? { authorization: `Bearer ${token}` } : {}),
  };
  const answer = await fetch(`${baseUrl}${path}`, { method, headers, body: body && JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return (answer.status === 204 ? null : await answer.json()) as T;
}
