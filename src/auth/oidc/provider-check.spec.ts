import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DnsServer } from '../../../test/support/dns-server.js';
import { type OutboundAnswer, OutboundClient, type OutboundRequest } from '../../outbound/outbound-client.js';
import { UnsafeUrlError } from '../../outbound/outbound.errors.js';
import { IdentityProvider } from './identity-provider.js';
import { ProviderCheck } from './provider-check.js';

let dns: DnsServer;
let server: http.Server;
let base: string;
let outbound: OutboundClient;

const metadataOf = (issuer: string) => ({
  issuer,
  authorization_endpoint: `${issuer}/authorize`,
  token_endpoint: `${issuer}/token`,
  jwks_uri: `${issuer}/keys`,
});
const check = (through = outbound) => new ProviderCheck(through, new IdentityProvider(through));

beforeAll(async () => {
  dns = await new DnsServer().start();
  server = http.createServer((request, response) => {
    const path = request.url!.replace('/.well-known/openid-configuration', '');
    const answer = answers()[path];
    if (answer === undefined) return void response.writeHead(404).end('nothing here');
    response.writeHead(200, { 'content-type': 'application/json' }).end(answer);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  base = `http://127.0.0.1:${port}`;
  outbound = new OutboundClient({ allow: [`127.0.0.1:${port}`] }, dns.resolver());
});
afterAll(() => {
  dns.stop();
  server.closeAllConnections();
  server.close();
});

const answers = (): Readonly<Record<string, string>> => {
  const { token_endpoint: _gone, ...incomplete } = metadataOf(`${base}/incomplete`);
  const listing = { ...metadataOf(`${base}/silent`), claims_supported: ['sub', 'email'] };
  return {
    '/good': JSON.stringify(metadataOf(`${base}/good`)),
    '/silent': JSON.stringify(listing),
    '/incomplete': JSON.stringify(incomplete),
    '/other': JSON.stringify(metadataOf('https://login.other.example')),
    '/nonsense': '{"issuer": 7}',
    '/broken': '{"issuer"',
    '/large': JSON.stringify({ ...metadataOf(`${base}/large`), padding: 'x'.repeat(600_000) }),
  };
};

describe('a look at an issuer', () => {
  it('finds a provider', async () => {
    expect(await check().look(`${base}/good`)).toEqual({ fault: null, issuer: `${base}/good`, saysVerified: null });
    expect(await check().look(`${base}/silent`)).toMatchObject({ fault: null, saysVerified: false });
  });

  it.each([
    ['/nothing', 'no_metadata'],
    ['/nonsense', 'no_metadata'],
    ['/broken', 'no_metadata'],
    ['/large', 'no_metadata'],
    ['/incomplete', 'incomplete'],
  ])('finds none at %s', async (path, fault) => {
    expect(await check().look(base + path)).toEqual({ fault, issuer: null, saysVerified: null });
  });

  it('tells the issuer that the metadata names instead', async () => {
    const report = await check().look(`${base}/other`);
    expect(report).toEqual({ fault: 'other_issuer', issuer: 'https://login.other.example', saysVerified: null });
  });

  it('tells an unknown host from one that does not answer and one that speaks no TLS', async () => {
    expect(await check().look('https://login.example.com')).toMatchObject({ fault: 'unresolved' });
    expect(await check().look(base.replace('http:', 'https:'))).toMatchObject({ fault: 'tls' });
    const vacant = http.createServer().listen(0, '127.0.0.1');
    await once(vacant, 'listening');
    const { port } = vacant.address() as AddressInfo;
    vacant.close();
    await once(vacant, 'close');
    const through = new OutboundClient({ allow: [`127.0.0.1:${port}`] }, dns.resolver());
    expect(await check(through).look(`http://127.0.0.1:${port}`)).toMatchObject({ fault: 'unreachable' });
  });

  it('goes nowhere inside', async () => {
    await expect(check().look('https://10.0.0.1')).rejects.toThrow(UnsafeUrlError);
    dns.set('inside.example.com', ['10.0.0.1']);
    await expect(check().look('https://inside.example.com')).rejects.toThrow(UnsafeUrlError);
  });
});

/** What Microsoft answers, without asking it: its host is the one for which the OpenID client takes any issuer. */
class RecordedAnswers extends OutboundClient {
  constructor(private readonly issuer: string) {
    super({ allow: [] }, dns.resolver());
  }

  override async check(): Promise<void> {}

  override async send(_request: OutboundRequest): Promise<OutboundAnswer> {
    const body = Buffer.from(JSON.stringify(metadataOf(this.issuer)));
    return { status: 200, headers: { 'content-type': 'application/json' }, body, durationMs: 1 };
  }
}

describe('Microsoft Entra ID', () => {
  const at = (path: string) => `https://login.microsoftonline.com/${path}/v2.0`;
  const DIRECTORY = '8f4d1c1e-52ab-4d31-9d0e-3f2f6a3c0b11';

  it.each(['common', 'organizations'])('is refused at %s, where anybody’s directory signs in', async (path) => {
    const through = new RecordedAnswers(at('{tenantid}'));
    expect(await check(through).look(at(path))).toMatchObject({ fault: 'shared' });
    const access = { issuer: at(path), clientId: 'maru', clientSecret: 'secret' };
    const attempt = new IdentityProvider(through).newAttempt('https://hanbit.example/v1/auth/oidc/callback');
    const leaving = new IdentityProvider(through).authorizationUrl(access, attempt);
    await expect(leaving).rejects.toMatchObject({ reason: 'unavailable' });
  });

  it('is taken at a directory, also by its domain', async () => {
    const through = new RecordedAnswers(at(DIRECTORY));
    for (const path of [DIRECTORY, 'hanbit.onmicrosoft.com']) {
      expect(await check(through).look(at(path))).toMatchObject({ fault: null, issuer: at(DIRECTORY) });
    }
  });
});
