import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Operation } from './operations.js';
import type { RequestPart, Sample, Scene } from './samples.js';

/** An answer, as far as callers can compare it. */
export interface Reply {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, unknown>>;
}

/** Not of this machine: routes that are open to it must not be open here. */
const ADDRESS = '203.0.113.7';

/** The request for an operation in a scene, as `inject` takes it. */
export function requestOf(
  operation: Operation,
  sample: Sample,
  scene: Scene,
): Required<Pick<RequestPart, 'url' | 'headers'>> & RequestPart {
  const part = sample.request?.(scene) ?? {};
  const { url: given, query, headers = {} } = part;
  const payload = part.payload ?? (operation.exampleBody as object | undefined);
  const path = operation.path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(nameOf(name, sample, scene)),
  );
  const url = given ?? (query ? `${path}?${new URLSearchParams(query).toString()}` : path);
  return { url, headers, ...(payload === undefined ? {} : { payload }) };
}

function nameOf(name: string, { ids, fixed }: Sample, scene: Scene): string {
  return fixed?.[name] ?? (name in ids ? scene.ids[name] : scene.own[name]) ?? '';
}

/** Sends it with a credential. Of a stream only the beginning is read. */
export async function exchange(
  app: NestFastifyApplication,
  operation: Operation,
  request: ReturnType<typeof requestOf>,
  { token, host }: { readonly token: string | null; readonly host?: string },
): Promise<Reply> {
  const headers: Record<string, string> = { ...request.headers, ...(host === undefined ? {} : { host }) };
  if (token !== null) headers['authorization'] = `Bearer ${token}`;
  if (operation.isStream) headers['accept'] = 'text/event-stream';
  const { url, payload } = request;
  const answer = await app.inject({
    method: operation.method,
    url,
    headers,
    remoteAddress: ADDRESS,
    payloadAsStream: operation.isStream,
    ...(payload === undefined ? {} : { payload }),
  });
  const { statusCode: status, headers: answered } = answer;
  if (!operation.isStream) return { status, body: answer.body, headers: answered };
  return {
    status,
    body: status === 200 ? beginningOf(answer.stream()) : await wholeOf(answer.stream()),
    headers: answered,
  };
}

function beginningOf(stream: NodeJS.ReadableStream & { destroy?: () => void }): string {
  stream.on('error', () => undefined);
  stream.destroy?.();
  return '';
}

async function wholeOf(stream: NodeJS.ReadableStream): Promise<string> {
  let text = '';
  for await (const chunk of stream) text += String(chunk);
  return text;
}
