import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AuditPool, PlatformPool } from '../../src/database/role-pool.js';
import { TenantDb } from '../../src/database/tenant-db.js';
import { newUuid } from '../../src/common/ids.js';
import { type AuditRoom, auditRoom, recordedLog, tamper } from '../support/audit-room.js';
import { query } from '../support/job-fixtures.js';

const EVENTS = 6;
let room: AuditRoom;
beforeAll(async () => {
  room = await auditRoom();
});
afterAll(() => room.module.close());

async function sealedLog(events = EVENTS): Promise<string> {
  const tenant = await recordedLog(room, events);
  await room.sealer.sealPending();
  return tenant;
}

async function faultsOf(tenant: string): Promise<string[]> {
  const { faults } = await room.verification.verify(tenant);
  return [...new Set(faults.map((fault) => fault.kind))];
}

const eventOf = (tenant: string, seq: number) =>
  `(select event_id from maru.audit_seals where tenant_id = '${tenant}' and seq = ${seq})`;

describe('an untouched log', () => {
  it('is proved, whole and by tenant', async () => {
    const tenant = await sealedLog();
    expect(await room.verification.verify(tenant)).toEqual({ chains: 1, events: EVENTS, pending: 0, faults: [] });
    const all = await room.verification.verify();
    expect(all.faults).toEqual([]);
    expect(all.chains).toBeGreaterThanOrEqual(1);
  });

  it('tells what is not sealed yet, and sealers beside each other make one chain', async () => {
    const tenant = await recordedLog(room, 40);
    expect(await room.verification.verify(tenant)).toEqual({ chains: 1, events: 0, pending: 40, faults: [] });
    await Promise.all([room.sealer.sealPending(), room.sealer.sealPending(), recordedLog(room, 5, tenant)]);
    await room.sealer.sealPending();
    expect(await room.verification.verify(tenant)).toEqual({ chains: 1, events: 45, pending: 0, faults: [] });
  });
});

describe('every kind of tampering is detected, at every place', () => {
  const FIELDS = [
    `at = at + interval '1 s'`,
    `actor_type = 'operator'`,
    `actor_id = 'opr_x'`,
    `action = 'thing.kept'`,
    `target_id = 'other'`,
    `outcome = 'denied'`,
    `reason = 'because'`,
    `ip = '192.0.2.1'`,
    `request_id = 'r'`,
    `before = '{}'`,
    `after = '{"i": 1}'`,
  ];
  it.each(FIELDS)('edit: %s', async (change) => {
    const tenant = await sealedLog();
    for (let seq = 1; seq <= EVENTS; seq++) {
      await tamper(
        `update maru.audit_events set ${change} where tenant_id = '${tenant}' and id = ${eventOf(tenant, seq)}`,
      );
      const { faults } = await room.verification.verify(tenant);
      expect(faults).toContainEqual({ tenantId: tenant, seq, kind: 'changed_event' });
    }
  });

  it.each([1, 3, EVENTS])('delete: event %i, with or without its seal', async (seq) => {
    const first = await sealedLog();
    await tamper(`delete from maru.audit_events where tenant_id = '${first}' and id = ${eventOf(first, seq)}`);
    expect(await faultsOf(first)).toEqual(['missing_event']);
    const second = await sealedLog();
    await tamper(
      `delete from maru.audit_events where tenant_id = '${second}' and id = ${eventOf(second, seq)}`,
      `delete from maru.audit_seals where tenant_id = '${second}' and seq = ${seq}`,
    );
    expect(await faultsOf(second)).toEqual(seq === EVENTS ? ['cut_chain'] : ['missing_seal', 'broken_link']);
  });

  it('delete: a seal alone leaves a loose event', async () => {
    const tenant = await sealedLog();
    await tamper(`delete from maru.audit_seals where tenant_id = '${tenant}' and seq = 4`);
    expect(await faultsOf(tenant)).toEqual(['missing_seal', 'broken_link', 'unsealed_event']);
  });

  it('reorder: two events change places', async () => {
    const tenant = await sealedLog();
    await tamper(
      `create temporary table swapped on commit drop as select * from maru.audit_seals where tenant_id = '${tenant}'`,
      `delete from maru.audit_seals where tenant_id = '${tenant}' and seq in (2, 5)`,
      `insert into maru.audit_seals (tenant_id, seq, event_id, prev_hash, hash) select '${tenant}', 7 - seq, event_id, prev_hash, hash from swapped where seq in (2, 5)`,
    );
    expect(await faultsOf(tenant)).toEqual(expect.arrayContaining(['changed_event', 'broken_link']));
  });

  it('insert: an event without a seal, and one that claims to be old', async () => {
    const columns = '(tenant_id, id, at, actor_type, action, outcome)';
    const tenant = await sealedLog();
    const insert = (at: string, id = newUuid()) =>
      `insert into maru.audit_events ${columns} values ('${tenant}', '${id}', ${at}, 'system', 'thing.changed', 'success')`;
    await tamper(insert('now()'));
    expect(await faultsOf(tenant)).toEqual(['unsealed_event']);
    const other = await sealedLog();
    const id = newUuid();
    await tamper(
      insert(`now() - interval '1 day'`, id).replace(tenant, other),
      `insert into maru.audit_pending values ('${other}', '${id}')`,
    );
    await room.sealer.sealPending();
    expect(await faultsOf(other)).toEqual(['backdated_event']);
  });

  it.each([0, 3, EVENTS - 1])('truncate: all after the first %i', async (kept) => {
    const tenant = await sealedLog();
    await tamper(
      `delete from maru.audit_events where tenant_id = '${tenant}' and id in (select event_id from maru.audit_seals where tenant_id = '${tenant}' and seq > ${kept})`,
      `delete from maru.audit_seals where tenant_id = '${tenant}' and seq > ${kept}`,
    );
    expect(await faultsOf(tenant)).toEqual(['cut_chain']);
    const { faults } = await room.verification.verify();
    expect(faults).toContainEqual({ tenantId: tenant, seq: kept + 1, kind: 'cut_chain' });
  });

  it('rewrite: a new chain over forged events does not have the noted head', async () => {
    const tenant = await sealedLog();
    await tamper(
      `delete from maru.audit_seals where tenant_id = '${tenant}'`,
      `update maru.audit_events set actor_id = 'opr_x' where tenant_id = '${tenant}'`,
      `insert into maru.audit_pending select tenant_id, id from maru.audit_events where tenant_id = '${tenant}'`,
    );
    await room.sealer.sealPending();
    expect(await faultsOf(tenant)).toEqual(['rewritten_chain']);
  });

  it('a forged note of a head is no note', async () => {
    const tenant = await sealedLog();
    const file = path.join(process.env['DATA_DIR']!, 'audit-heads.jsonl');
    const text = fs.readFileSync(file, 'utf8');
    fs.appendFileSync(file, `${JSON.stringify({ tenantId: tenant, seq: 99, hash: 'ab', sig: 'x' })}\n`);
    expect(await faultsOf(tenant)).toEqual(['forged_head']);
    fs.writeFileSync(file, text);
    expect(await faultsOf(tenant)).toEqual([]);
  });
});

describe('the database refuses changes', () => {
  it.each([
    'update maru.audit_events set reason = null',
    'delete from maru.audit_events',
    'truncate maru.audit_events cascade',
    'delete from maru.audit_seals',
    'truncate maru.audit_seals',
  ])('even of its owner: %s', (statement) => expect(query(statement)).rejects.toThrow(/append-only/));

  it('and of every role that records or reads', async () => {
    const tenant = await sealedLog();
    const statements = [
      'update maru.audit_events set reason = null',
      'delete from maru.audit_events',
      'delete from maru.audit_seals',
    ];
    for (const statement of statements) {
      await expect(room.module.get(TenantDb, { strict: false }).one(tenant, { text: statement })).rejects.toThrow(
        /permission denied/,
      );
      await expect(room.module.get(PlatformPool, { strict: false }).query(statement)).rejects.toThrow(
        /permission denied/,
      );
      await expect(room.module.get(AuditPool, { strict: false }).query(statement)).rejects.toThrow(/permission denied/);
    }
  });

  it('a change that is rolled back leaves no trace', async () => {
    const tenant = await recordedLog(room, 1);
    const db = room.module.get(TenantDb, { strict: false });
    const entry = { tenantId: tenant, actor: { type: 'system', id: null } as const, action: 'thing.changed' };
    const failing = db.run(tenant, async (manager) => {
      await room.trail.record(manager, entry);
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    expect(await query('select 1 from maru.audit_events where tenant_id = $1', [tenant])).toHaveLength(1);
  });
});
