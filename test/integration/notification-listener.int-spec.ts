import type { TestingModule } from '@nestjs/testing';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NotificationListener } from '../../src/database/notification-listener.js';
import { databaseModule } from '../support/database-module.js';
import { until } from '../support/signals.js';

let module: TestingModule;
let listener: NotificationListener;
let admin: pg.Client;

beforeAll(async () => {
  module = await databaseModule();
  listener = module.get(NotificationListener);
  admin = new pg.Client({ connectionString: process.env.DATABASE_URL });
  await admin.connect();
});
afterAll(async () => {
  await admin.end();
  await module.close();
});

const notify = (channel: string, payload: string) => admin.query('select pg_notify($1, $2)', [channel, payload]);
const listeners = `from pg_stat_activity where application_name = 'maru_listener' and datname = current_database()`;

describe('NotificationListener', () => {
  it('calls everybody on a channel, over one connection', async () => {
    const seen: string[] = [];
    const stop = await listener.listen('first', (p) => seen.push(`a ${p}`));
    await Promise.all([
      listener.listen('first', (p) => seen.push(`b ${p}`)),
      listener.listen('Second "quoted"', (p) => seen.push(`c ${p}`)),
    ]);
    await notify('first', '1');
    await notify('Second "quoted"', '2');
    await notify('third', '3');
    await until(() => seen.length === 3, { what: 'three calls' });
    expect(seen.sort()).toEqual(['a 1', 'b 1', 'c 2']);
    expect((await admin.query(`select 1 ${listeners}`)).rowCount).toBe(1);

    stop();
    await notify('first', '4');
    await until(() => seen.includes('b 4'), { what: 'the other listener' });
    expect(seen).not.toContain('a 4');
  });

  it('survives a callback that throws', async () => {
    const seen: string[] = [];
    await listener.listen('faulty', () => {
      throw new Error('callback failed');
    });
    await listener.listen('faulty', (p) => seen.push(p));
    await notify('faulty', '1');
    await until(() => seen.length === 1, { what: 'the second callback' });
  });

  it('connects again and wakes everybody, because notifications may be lost', async () => {
    const seen: string[] = [];
    await listener.listen('lost', (p) => seen.push(p));
    await admin.query(`select pg_terminate_backend(pid) ${listeners}`);
    await until(() => seen.includes(''), { what: 'the wake-up' });
    await notify('lost', 'after');
    await until(() => seen.includes('after'), { what: 'a notification after the reconnect' });
  });

  it('ends its connection on shutdown', async () => {
    await module.close();
    await until(async () => (await admin.query(`select 1 ${listeners}`)).rowCount === 0, { what: 'no connection' });
  });
});
