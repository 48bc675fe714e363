import type { TestingModule } from '@nestjs/testing';
import { AuditSealer } from '../../src/audit/audit-sealer.js';
import { AuditProofModule } from '../../src/audit/audit-proof.module.js';
import { AuditTrail, SYSTEM_ACTOR } from '../../src/audit/audit-trail.js';
import { AuditVerification } from '../../src/audit/audit-verification.js';
import { newUuid } from '../../src/common/ids.js';
import { TenantDb } from '../../src/database/tenant-db.js';
import { databaseModule } from './database-module.js';
import { query } from './job-fixtures.js';

/** The audit log without HTTP, on the database of this test file. */
export interface AuditRoom {
  readonly module: TestingModule;
  readonly trail: AuditTrail;
  readonly sealer: AuditSealer;
  readonly verification: AuditVerification;
}

export async function auditRoom(): Promise<AuditRoom> {
  const module = await databaseModule(AuditProofModule);
  return {
    module,
    trail: new AuditTrail(),
    sealer: module.get(AuditSealer, { strict: false }),
    verification: module.get(AuditVerification, { strict: false }),
  };
}

/** A tenant's log with this many events, not sealed yet. Returns the tenant's uuid. */
export async function recordedLog({ module, trail }: AuditRoom, events: number, tenantId = newUuid()): Promise<string> {
  const db = module.get(TenantDb, { strict: false });
  for (let i = 1; i <= events; i++) {
    const entry = {
      tenantId,
      actor: SYSTEM_ACTOR,
      action: 'thing.changed',
      target: { type: 'thing', id: `t${i}` },
      after: { i },
    };
    await db.run(tenantId, (manager) => trail.record(manager, entry));
  }
  return tenantId;
}

/** Statements of somebody who owns the server and turns every guard off first. */
export async function tamper(...statements: string[]): Promise<void> {
  await query(`begin; set local session_replication_role = replica; ${statements.join('; ')}; commit`);
}
