import { randomUUID } from 'node:crypto';
import { JwtService } from '@nestjs/jwt';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Principals } from '../../src/auth/principals.js';
import { SigningKeyRing } from '../../src/auth/signing-key-ring.js';
import { publicId } from '../../src/common/ids.js';
import { StreamClock } from '../../src/jobs/watching/stream-clock.js';
import { type ApiTenant, apiTenant } from '../support/api-tenant.js';
import { type RunningApi, startApi } from '../support/app.js';
import { query } from '../support/job-fixtures.js';
import { insertQueuedJobs } from '../support/job-rows.js';
import { until } from '../support/signals.js';
import { SseClient } from '../support/sse-client.js';

describe('streams and the credential that they began with', () => {
  let api: RunningApi;
  let tenant: ApiTenant;
  let paths: string[];

  beforeAll(async () => {
    api = await startApi();
    tenant = await apiTenant(api.app);
    const [job] = await insertQueuedJobs(tenant.id, 1);
    paths = ['/v1/events/stream', `/v1/jobs/${publicId('job', job!)}/stream`];
  });
  afterAll(() => api.stop());

  const open = async (path: string, token: string): Promise<SseClient> => {
    const client = await SseClient.open(api.baseUrl + path, { authorization: `Bearer ${token}` });
    expect(client.response.status).toBe(200);
    await until(() => client.messages.length > 0);
    return client;
  };
  /** The owner's own token, but one that ends soon. */
  const tokenFor = async (seconds: number): Promise<string> => {
    const answer = await fetch(`${api.baseUrl}/v1/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ tenant: tenant.slug, ...tenant.owner }),
    });
    const { accessToken } = (await answer.json()) as { accessToken: string };
    const claims = JSON.parse(Buffer.from(accessToken.split('.')[1]!, 'base64url').toString()) as Record<
      string,
      unknown
    >;
    const { kid, privatePem } = await api.app.get(SigningKeyRing, { strict: false }).signingKey();
    const exp = Math.floor(Date.now() / 1000) + seconds;
    return api.app.get(JwtService, { strict: false }).signAsync(
      { ...claims, exp, jti: randomUUID() },
      {
        privateKey: privatePem,
        algorithm: 'ES256',
        keyid: kid,
        header: { alg: 'ES256', typ: 'at+jwt' },
      },
    );
  };

  it('end with an access token, without done', async () => {
    const token = await tokenFor(3);
    const clients = await Promise.all(paths.map((path) => open(path, token)));
    await Promise.all(clients.map(({ ended }) => ended));
    for (const { messages } of clients) expect(messages.some(({ event }) => event === 'done')).toBe(false);
    const refused = await fetch(api.baseUrl + paths[0]!, { headers: { authorization: `Bearer ${token}` } });
    expect(refused.status).toBe(401);
  });

  it('end within a heartbeat after the key was revoked', async () => {
    const beats: (() => void)[] = [];
    const onBeat = vi
      .spyOn(api.app.get(StreamClock, { strict: false }), 'onBeat')
      .mockImplementation((beat) => (beats.push(beat), () => {}));
    const clients = await Promise.all(paths.map((path) => open(path, tenant.apiKey)));
    onBeat.mockRestore();
    for (const beat of beats) beat();
    await until(() => clients.every(({ messages }) => messages.some(({ event }) => event === 'heartbeat')));
    await query('update maru.api_keys set revoked_at = now() where tenant_id = $1', [tenant.id]);
    api.app.get(Principals, { strict: false }).forget();
    for (const beat of beats) beat();
    await Promise.all(clients.map(({ ended }) => ended));
    for (const { messages } of clients) expect(messages.some(({ event }) => event === 'done')).toBe(false);
  });
});
