import { once } from 'node:events';
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DnsServer } from '../../test/support/dns-server.js';
import { UNSAFE_ADDRESSES, UNSAFE_URLS } from '../../test/support/unsafe-hosts.js';
import { OutboundClient } from './outbound-client.js';
import { OutboundRequestError, UnsafeUrlError } from './outbound.errors.js';

/** Public as far as anybody can tell, and assigned to nobody. */
const NOWHERE = '192.0.1.1';
let dns: DnsServer;
let canaries: net.Server[];
let canaryPort: number;
let touched = 0;

beforeAll(async () => {
  dns = await new DnsServer().start();
  const first = net.createServer(touch).listen(0, '127.0.0.1');
  await once(first, 'listening');
  canaryPort = (first.address() as AddressInfo).port;
  const second = net.createServer(touch).listen(canaryPort, '::1');
  await Promise.race([once(second, 'listening'), once(second, 'error')]);
  canaries = [first, second];
});
afterAll(() => {
  dns.stop();
  for (const canary of canaries) canary.close();
});
beforeEach(() => (touched = 0));

function touch(socket: net.Socket): void {
  touched++;
  socket.destroy();
}

/** The names of the test lead to the canary's port: its door is open, only the address can be refused. */
const guarded = (...ports: number[]) => {
  const client = new OutboundClient({ allow: ports.map((port) => `127.0.0.1:${port}`) }, dns.resolver());
  return client;
};
/** Lets the guard judge the canary's port like 443. */
const onCanaryPort = (url: string) =>
  url.replace(/^(https:\/\/)([^/?#\\]*?)(:\d+)?([/?#\\].*)?$/, `$1$2:${canaryPort}$4`);

describe('no spelling reaches the canary', () => {
  it('not as it is, and not with the port of the canary', async () => {
    const client = guarded();
    for (const url of [...UNSAFE_URLS, ...UNSAFE_URLS.map(onCanaryPort)]) {
      await expect(client.send({ url, timeoutMs: 2_000 }), url).rejects.toThrow(UnsafeUrlError);
    }
    expect(touched).toBe(0);
  });

  it('not by a name that resolves to an unsafe address, alone or among public ones', async () => {
    const client = guarded();
    for (const [i, address] of UNSAFE_ADDRESSES.entries()) {
      dns.set(`alone${i}.example.com`, [address]);
      dns.set(`mixed${i}.example.com`, [NOWHERE, address]);
      await expect(client.send({ url: `https://alone${i}.example.com/` }), address).rejects.toThrow(UnsafeUrlError);
      await expect(client.send({ url: `https://mixed${i}.example.com/` }), address).rejects.toThrow(UnsafeUrlError);
      await expect(client.check(`https://alone${i}.example.com/`), address).rejects.toThrow(UnsafeUrlError);
    }
    expect(touched).toBe(0);
  });

  it('not by a name that changes its mind: it is asked once, and the answer is where we connect', async () => {
    const client = guarded();
    for (let i = 0; i < 20; i++) {
      dns.set(`rebind${i}.example.com`, [NOWHERE], ['127.0.0.1']);
      const sending = client.send({ url: `https://rebind${i}.example.com:8443/`, timeoutMs: 200 });
      await expect(sending).rejects.toThrow(OutboundRequestError);
      expect(dns.asked.get(`rebind${i}.example.com 1`)).toBe(1);
      await expect(client.send({ url: `https://rebind${i}.example.com:8443/` })).rejects.toThrow(UnsafeUrlError);
    }
    expect(touched).toBe(0);
  });

  it('says the same of every unsafe address', async () => {
    const client = guarded();
    const messages = new Set<string>();
    for (const address of ['127.0.0.1', '10.0.0.1', '169.254.169.254', '::1']) {
      dns.set('probe.example.com', [address]);
      await client.send({ url: 'https://probe.example.com/' }).catch((error: Error) => messages.add(error.message));
    }
    expect(messages.size).toBe(1);
    expect([...messages][0]).not.toMatch(/127|10\.|169|::1/);
  });

  it('tells an unknown name from a forbidden one by its class only', async () => {
    await expect(guarded().send({ url: 'https://nobody.example.com/' })).rejects.toMatchObject({
      failure: 'unresolved',
    });
  });
});

describe('an allowed server', () => {
  let server: http.Server;
  let base: string;
  let client: OutboundClient;
  let requests: http.IncomingMessage[];

  beforeAll(async () => {
    server = http.createServer((request, response) => {
      requests.push(request);
      const url = new URL(request.url!, 'http://x');
      if (url.pathname === '/redirect')
        response.writeHead(302, { location: `http://127.0.0.1:${canaryPort}/` }).end('moved');
      else if (url.pathname === '/large') response.end(Buffer.alloc(5_000));
      else if (url.pathname === '/stream') response.write(Buffer.alloc(3_000), () => response.end(Buffer.alloc(3_000)));
      else if (url.pathname === '/slow') response.write('a');
      else if (url.pathname === '/broken')
        response.writeHead(200, { 'content-length': 10 }).write('abc', () => request.socket.destroy());
      else request.pipe(response.writeHead(201, { 'x-method': request.method! }));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    base = `http://127.0.0.1:${port}`;
    client = guarded(port);
  });
  beforeEach(() => (requests = []));
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  it('gets the request and answers it', async () => {
    const answer = await client.send({
      url: `${base}/echo?a=1`,
      method: 'POST',
      body: 'Grüße',
      headers: { 'x-a': 'b' },
    });
    expect([answer.status, answer.headers['x-method'], answer.body.toString()]).toEqual([201, 'POST', 'Grüße']);
    expect(requests[0]!.url).toBe('/echo?a=1');
    expect(requests[0]!.headers).toMatchObject({ host: base.slice(7), 'x-a': 'b', connection: 'close' });
    expect(answer.durationMs).toBeGreaterThan(0);
  });

  it('cannot send us on: a redirect is an answer', async () => {
    expect((await client.send({ url: `${base}/redirect` })).status).toBe(302);
    expect([touched, requests.length]).toEqual([0, 1]);
  });

  it.each([
    ['/large', 'too_large'],
    ['/stream', 'too_large'],
    ['/slow', 'timeout'],
    ['/broken', 'broken'],
  ])('is given up when its answer is not good: %s', async (path, failure) => {
    const sending = client.send({ url: base + path, maxResponseBytes: 4_096, timeoutMs: 1_000 });
    await expect(sending).rejects.toMatchObject({ failure });
  });

  it('that is gone is unreachable, and one that speaks no TLS fails as that', async () => {
    const gone = net.createServer().listen(0, '127.0.0.1');
    await once(gone, 'listening');
    const { port } = gone.address() as AddressInfo;
    gone.close();
    await once(gone, 'close');
    await expect(guarded(port).send({ url: `http://127.0.0.1:${port}/` })).rejects.toMatchObject({
      failure: 'unreachable',
    });
    await expect(client.send({ url: base.replace('http:', 'https:') })).rejects.toMatchObject({ failure: 'tls' });
  });
});
