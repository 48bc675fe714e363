import { Module } from '@nestjs/common';
import { AuditProofModule } from './audit-proof.module.js';
import { AuditSealing } from './audit-sealing.js';

/** Chains the audit log all the time; for workers. */
@Module({ imports: [AuditProofModule], providers: [AuditSealing] })
export class AuditSealingModule {}
