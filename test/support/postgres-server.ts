import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { freePort } from '../../src/database/embedded/embedded-port.js';
import { startEmbeddedPostgres } from '../../src/database/embedded/embedded-postgres.js';
import { isAlive, stopPostmaster } from '../../src/database/embedded/postmaster.js';
import { migrate } from '../../src/database/migrate.js';
import { adminQuery, databaseUrl } from './admin-query.js';
import { testSecrets } from './test-key.js';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Of a user that may create databases. */
    serverUrl: string;
    /** Migrated and never connected to: test files clone it. */
    templateDatabase: string;
  }
}

const PREFIX = 'maru-test-run-';
/** Durability costs time and protects nothing here. */
const SETTINGS = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off', max_connections: '200' };

/** One server per run with a migrated template; TEST_DATABASE_URL names another server to use instead. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await serverOfRun(process.env.TEST_DATABASE_URL);
  const template = `maru_template_${process.pid}`;
  const dropTemplate = `drop database if exists ${template} with (force)`;
  try {
    await adminQuery(server.url, dropTemplate, `create database ${template}`);
    await migrate(databaseUrl(server.url, template), testSecrets());
  } catch (error) {
    await server.stop();
    throw error;
  }
  project.provide('serverUrl', server.url);
  project.provide('templateDatabase', template);
  return async () => {
    await adminQuery(server.url, dropTemplate);
    await server.stop();
  };
}

async function serverOfRun(given: string | undefined): Promise<{ url: string; stop(): Promise<void> }> {
  if (given) return { url: given, stop: () => Promise.resolve() };
  await removeLeftovers();
  const base = fs.mkdtempSync(path.join(os.tmpdir(), `${PREFIX}${process.pid}-`));
  fs.chmodSync(base, 0o755);
  const directory = path.join(base, 'postgres');
  const options = {
    directory,
    port: await freePort(),
    password: 'test',
    settings: SETTINGS,
    initdbFlags: ['--no-sync'],
  };
  const server = await startEmbeddedPostgres(options);
  const stop = async () => {
    await server.stop();
    remove(base, server.directory);
  };
  return { url: server.url, stop };
}

/** Servers of runs that were killed before they could stop them. */
async function removeLeftovers(): Promise<void> {
  for (const name of fs.readdirSync(os.tmpdir())) {
    const run = Number(new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1]);
    if (!run || isAlive(run)) continue;
    const base = path.join(os.tmpdir(), name);
    const pointer = path.join(base, 'postgres.location');
    const cluster = fs.existsSync(pointer) ? fs.readFileSync(pointer, 'utf8').trim() : path.join(base, 'postgres');
    await stopPostmaster(cluster);
    remove(base, cluster);
  }
}

function remove(base: string, cluster: string): void {
  for (const place of [base, cluster, `${cluster}.log`]) fs.rmSync(place, { recursive: true, force: true });
}
