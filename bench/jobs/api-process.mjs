import { fork } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Test } from '@nestjs/testing';
import { CredentialsModule } from '../../dist/src/auth/credentials.module.js';
import { ApiKeys } from '../../dist/src/auth/api-keys.service.js';
import { GRANTABLE_TO_KEYS } from '../../dist/src/auth/scopes.js';
import { ConfigModule } from '../../dist/src/config/config.module.js';
import { freePort } from '../../dist/src/database/embedded/embedded-port.js';
import { DatabaseModule } from '../../dist/src/database/database.module.js';

const MAIN = fileURLToPath(new URL('../../dist/src/main.js', import.meta.url));
const PICTURE = fileURLToPath(new URL('../../samples/hanbit-weld-plate.png', import.meta.url));

/** The built api as a process of its own, as the supervisor would fork it. */
export async function startApi(place) {
  const port = await freePort();
  const env = { PATH: process.env.PATH, ...place.environment, PORT: String(port), NODE_ENV: 'development' };
  const child = fork(MAIN, { env, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const ready = new Promise((resolve, reject) => {
    child.on('message', (message) => message?.type === 'ready' && resolve());
    child.once('exit', (code) => reject(new Error(`the api ended with ${code}`)));
  });
  child.send({ type: 'start', env: {} });
  await ready;
  const stop = async () => {
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    await gone;
  };
  return { port, baseUrl: `http://127.0.0.1:${port}`, pid: child.pid, stop };
}

/** Gives each tenant an API key and one uploaded picture; returns what a client needs to submit. */
export async function clientsOf(place, api, tenants) {
  const imports = [
    ConfigModule.forRoot(place.config),
    DatabaseModule.forRoot({ appConnections: 2 }),
    CredentialsModule,
  ];
  const module = await (await Test.createTestingModule({ imports }).compile()).init();
  const keys = module.get(ApiKeys, { strict: false });
  const clients = [];
  for (const { tenantId } of tenants) {
    const { key } = await keys.issue(tenantId, { name: 'bench', scopes: [...GRANTABLE_TO_KEYS] });
    clients.push({ tenantId, key, fileId: await upload(api, key) });
  }
  await module.close();
  return clients;
}

async function upload({ baseUrl }, key) {
  const form = new FormData();
  form.set('purpose', 'job_input');
  form.set('file', new Blob([fs.readFileSync(PICTURE)]), 'plate.png');
  const headers = { authorization: `Bearer ${key}` };
  const response = await fetch(`${baseUrl}/v1/files`, { method: 'POST', headers, body: form });
  const body = await response.json();
  if (response.status !== 201) throw new Error(`the upload was answered ${response.status}: ${body.detail}`);
  return body.id;
}
