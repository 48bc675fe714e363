import { randomBytes } from 'node:crypto';
import { Module } from '@nestjs/common';
import type { TestingModule } from '@nestjs/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newUuid } from '../../src/common/ids.js';
import { TenantDb } from '../../src/database/tenant-db.js';
import { SecretBox, type SecretPlace } from '../../src/secrets/secret-box.js';
import { SecretRotation } from '../../src/secrets/secret-rotation.js';
import { SecretRotationModule } from '../../src/secrets/secret-rotation.module.js';
import { SecretsModule } from '../../src/secrets/secrets.module.js';
import { databaseModule } from '../support/database-module.js';
import { query } from '../support/job-fixtures.js';

const COLUMN = { table: 'sealed_probes', column: 'sealed', id: 'id' };
const NEW_KEK = `second:${randomBytes(32).toString('hex')}`;

@Module({ imports: [SecretsModule, SecretRotationModule.forRoot([COLUMN])] })
class Room {}

let room: TestingModule;
let box: SecretBox;
beforeAll(async () => {
  await query(`
    create table maru.sealed_probes (tenant_id uuid not null, id uuid not null, sealed bytea not null, primary key (tenant_id, id));
    alter table maru.sealed_probes owner to maru_owner;
    call maru.isolate('maru.sealed_probes');
    grant select, insert, update on maru.sealed_probes to maru_app`);
  room = await databaseModule(Room);
  box = room.get(SecretBox, { strict: false });
});
afterAll(() => room.close());

const placeOf = (tenantId: string, rowId = newUuid()): SecretPlace => ({
  tenantId,
  table: 'sealed_probes',
  column: 'sealed',
  rowId,
});

async function stored(tenantId: string, text: string): Promise<SecretPlace> {
  const place = placeOf(tenantId);
  const values = [tenantId, place.rowId, await box.seal(place, text)];
  await room
    .get(TenantDb, { strict: false })
    .one(tenantId, { text: 'insert into maru.sealed_probes values ($1, $2, $3)', values });
  return place;
}

async function opened(place: SecretPlace, by = box): Promise<string> {
  const rows = await query<{ sealed: Buffer }>(
    'select sealed from maru.sealed_probes where tenant_id = $1 and id = $2',
    [place.tenantId, place.rowId],
  );
  return (await by.open(place, rows[0]!.sealed)).toString();
}

/** A process with these further keys. */
async function processWith(keys: string): Promise<TestingModule> {
  process.env['KEY_ENCRYPTION_KEYS'] = keys;
  try {
    return await databaseModule(Room);
  } finally {
    delete process.env['KEY_ENCRYPTION_KEYS'];
  }
}

describe('a sealed value', () => {
  it('opens in its place, and is noise in the database', async () => {
    const tenant = newUuid();
    const place = await stored(tenant, 'whsec_비밀');
    expect(await opened(place)).toBe('whsec_비밀');
    const [row] = await query<{ hex: string }>(
      `select encode(sealed, 'hex') as hex from maru.sealed_probes where tenant_id = $1`,
      [tenant],
    );
    expect(row!.hex).not.toContain(Buffer.from('whsec').toString('hex'));
    const [key] = await query<{ wrapped: Buffer; kek: string }>(
      'select wrapped, kek_id as kek from maru.tenant_keys where tenant_id = $1',
      [tenant],
    );
    expect([key!.wrapped.length, key!.kek]).toEqual([60, 'master']);
  });

  it('opens nowhere else', async () => {
    const place = placeOf(newUuid());
    const sealed = await box.seal(place, 'x');
    const others: SecretPlace[] = [
      { ...place, rowId: newUuid() },
      { ...place, column: 'other' },
      { ...place, table: 'other' },
      { ...place, tenantId: newUuid() },
    ];
    for (const other of others) await expect(box.open(other, sealed)).rejects.toThrow(/cannot be opened/);
  });

  it('opens unchanged only: no bit may differ', async () => {
    const place = placeOf(newUuid());
    const sealed = await box.seal(place, 'secret');
    for (let bit = 0; bit < sealed.length * 8; bit += 3) {
      const changed = Buffer.from(sealed);
      changed[bit >> 3]! ^= 1 << (bit & 7);
      await expect(box.open(place, changed)).rejects.toThrow(/cannot be opened/);
    }
    for (const cut of [0, 1, 16, 17, 40, sealed.length - 1]) {
      await expect(box.open(place, sealed.subarray(0, cut))).rejects.toThrow(/cannot be opened/);
    }
  });

  it('is sealed with one key a tenant, however many processes seal its first', async () => {
    const tenant = newUuid();
    const other = await databaseModule(Room);
    const boxes = [box, other.get(SecretBox, { strict: false })];
    const places = Array.from({ length: 20 }, () => placeOf(tenant));
    const sealed = await Promise.all(places.map((place, i) => boxes[i % 2]!.seal(place, String(i))));
    for (const [i, place] of places.entries()) {
      expect((await boxes[(i + 1) % 2]!.open(place, sealed[i]!)).toString()).toBe(String(i));
    }
    expect(await query('select 1 from maru.tenant_keys where tenant_id = $1', [tenant])).toHaveLength(1);
    await other.close();
  });
});

describe('rotation under load', () => {
  it('of the key of the installation: no read or seal fails before, while and after; then the old key is not needed', async () => {
    const tenants = Array.from({ length: 5 }, () => newUuid());
    const places = await Promise.all(tenants.flatMap((tenant) => [1, 2, 3].map((i) => stored(tenant, `v${i}`))));
    const next = await processWith(NEW_KEK);
    const load = new Load([box, next.get(SecretBox, { strict: false })], places).start();
    const report = await next.get(SecretRotation, { strict: false }).rewrap(tenants);
    expect(report.keysRewrapped).toBe(5);
    const { reads, failures } = await load.stop();
    expect([reads > 20, failures]).toEqual([true, []]);
    const keks = await query<{ kek: string }>(
      'select distinct kek_id as kek from maru.tenant_keys where tenant_id = any($1::uuid[])',
      [tenants],
    );
    expect(keks).toEqual([{ kek: 'second' }]);
    const stranger = await processWith(`third:${randomBytes(32).toString('hex')}`);
    await expect(opened(places[0]!, stranger.get(SecretBox, { strict: false }))).rejects.toThrow(/cannot be opened/);
    await next.close();
    await stranger.close();
  });

  it('of the key of a tenant: every value is sealed anew, and the old key goes', async () => {
    const tenant = newUuid();
    const places = await Promise.all(Array.from({ length: 30 }, (_, i) => stored(tenant, `v${(i % 3) + 1}`)));
    const rotation = room.get(SecretRotation, { strict: false });
    const load = new Load([box], places).start();
    expect((await rotation.rotateDataKey(tenant)).valuesResealed).toBe(30);
    await rotation.finish(tenant);
    const { reads, failures } = await load.stop();
    expect([reads > 20, failures]).toEqual([true, []]);
    expect(await query('select 1 from maru.tenant_keys where tenant_id = $1', [tenant])).toHaveLength(1);
    for (const place of places) expect(await opened(place)).toMatch(/^v[123]$/);
  });
});

/** Reads and seals in turn until it is stopped. */
class Load {
  private readonly failures: string[] = [];
  private reads = 0;
  private isOver = false;
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly boxes: readonly SecretBox[],
    private readonly places: readonly SecretPlace[],
  ) {}

  start(): this {
    this.running = this.run();
    return this;
  }

  async stop(): Promise<{ reads: number; failures: string[] }> {
    while (this.reads <= 20) await new Promise(setImmediate);
    this.isOver = true;
    await this.running;
    return { reads: this.reads, failures: this.failures };
  }

  private async run(): Promise<void> {
    for (let i = 0; !this.isOver; i++) {
      const place = this.places[i % this.places.length]!;
      const by = this.boxes[i % this.boxes.length]!;
      await opened(place, by).catch((error: Error) => this.failures.push(error.message));
      await by.seal(place, 'x').catch((error: Error) => this.failures.push(error.message));
      this.reads++;
    }
  }
}
