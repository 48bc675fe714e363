import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RemoteUnavailableError } from '../../inference.errors.js';
import { RemoteHttp, RemoteRefusalError } from './remote-http.js';

const hasOpenSsl = spawnSync('openssl', ['version']).status === 0;

describe.skipIf(!hasOpenSsl)('RemoteHttp over TLS (openssl makes the certificate)', () => {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'remote-http-'));
  const [key, ca] = [path.join(directory, 'key.pem'), path.join(directory, 'ca.pem')];
  let server: https.Server;
  let baseUrl: string;

  beforeAll(async () => {
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
    const name = ['-subj', '/CN=model-server', '-addext', 'subjectAltName=IP:127.0.0.1'];
    execFileSync('openssl', ['req', '-x509', ...curve, ...name, '-keyout', key, '-out', ca], { stdio: 'ignore' });
    server = https.createServer({ key: fs.readFileSync(key), cert: fs.readFileSync(ca) }, (request, response) => {
      if (request.url === '/base/moved') response.writeHead(302, { location: '/base/here' });
      response.end(request.url);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    baseUrl = `https://127.0.0.1:${(server.address() as AddressInfo).port}/base/`;
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    fs.rmSync(directory, { recursive: true, force: true });
  });

  async function ask(authorities: string | null, where = '/here'): Promise<string> {
    const http = new RemoteHttp({ baseUrl, headers: {}, sockets: 1, ca: authorities });
    try {
      return (await http.send({ method: 'GET', path: where, limitMs: 10_000 })).body.toString();
    } finally {
      http.close();
    }
  }

  it('trusts the authorities of the configuration, below the path of the base URL', async () => {
    expect(await ask(ca)).toBe('/base/here');
  });

  it('trusts no other certificate', async () => {
    await expect(ask(null)).rejects.toThrow(RemoteUnavailableError);
    await expect(ask(null)).rejects.toThrow(/self-signed/);
  });

  it('follows no redirect', async () => {
    await expect(ask(ca, '/moved')).rejects.toThrow(RemoteRefusalError);
  });
});
