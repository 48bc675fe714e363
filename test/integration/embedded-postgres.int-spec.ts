import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { embeddedPort, freePort } from '../../src/database/embedded/embedded-port.js';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/database/embedded/embedded-postgres.js';
import { isAlive, livingPostmaster } from '../../src/database/embedded/postmaster.js';
import { until } from '../support/signals.js';

const base = fs.mkdtempSync(path.join(os.tmpdir(), 'maru embedded '));
const directory = path.join(base, 'postgres');
let port: number;
let server: EmbeddedPostgres;

const start = (password = 'secret/with @signs') =>
  startEmbeddedPostgres({ directory, port, password, initdbFlags: ['--no-sync'] });

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query({ text, rowMode: 'array' })).rows.flat();
  } finally {
    await client.end();
  }
}

beforeAll(async () => {
  fs.chmodSync(base, 0o755);
  port = await freePort();
  fs.mkdirSync(`${directory}.init/half-done`, { recursive: true });
  server = await start();
});

afterAll(async () => {
  await server.stop();
  for (const place of [base, server.directory, `${server.directory}.log`])
    fs.rmSync(place, { recursive: true, force: true });
});

describe('the embedded server', () => {
  it('initialises over an interrupted attempt, durable, on loopback, without a unix socket', async () => {
    expect(server.adopted).toBe(false);
    expect(await query(server.url, 'show fsync')).toEqual(['on']);
    expect(await query(server.url, 'show listen_addresses')).toEqual(['127.0.0.1']);
    expect(await query(server.url, 'show unix_socket_directories')).toEqual(['']);
    expect(fs.existsSync(`${server.directory}.init`)).toBe(false);
    expect(fs.existsSync(`${server.directory}.password`)).toBe(false);
  });

  it('never runs as root', () => {
    const uid = process.platform === 'linux' ? fs.statSync(`/proc/${server.pid}`).uid : fs.statSync(directory).uid;
    expect(uid).not.toBe(0);
  });

  it('adopts the server that an earlier process left, on the port that it has', async () => {
    const again = await startEmbeddedPostgres({ directory, port: await freePort(), password: 'secret/with @signs' });
    expect(again).toMatchObject({ adopted: true, pid: server.pid, port: server.port });
  });

  it('starts again after a kill with every committed row', async () => {
    await query(server.url, 'create table kept as select 42 as answer');
    process.kill(server.pid, 'SIGKILL');
    const again = await start();
    expect(again.adopted).toBe(false);
    expect(again.pid).not.toBe(server.pid);
    expect(await query(again.url, 'select answer from kept')).toEqual([42]);
    server = again;
  });

  it('says what to do when the master key was changed', async () => {
    await expect(start('another password')).rejects.toThrow(/made with another master key: give MARU_MASTER_KEY/);
  });

  it('keeps its port, and takes another when a program holds it', async () => {
    const dataDir = path.join(base, 'ports');
    fs.mkdirSync(dataDir);
    const first = await embeddedPort(dataDir, null);
    expect(await embeddedPort(dataDir, null)).toBe(first);
    fs.writeFileSync(path.join(dataDir, 'postgres.port'), `${server.port}\n`);
    const other = await embeddedPort(dataDir, null);
    expect(other).not.toBe(server.port);
    expect(fs.readFileSync(path.join(dataDir, 'postgres.port'), 'utf8').trim()).toBe(String(other));
  });

  it('is gone after a stop', async () => {
    const { pid } = server;
    await server.stop();
    expect(livingPostmaster(server.directory)).toBeNull();
    await until(() => !isAlive(pid));
  });
});
