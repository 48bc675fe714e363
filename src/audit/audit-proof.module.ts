import { Module } from '@nestjs/common';
import { AuditSealer } from './audit-sealer.js';
import { AuditVerification } from './audit-verification.js';
import { ChainAnchor } from './chain-anchor.js';

/** Chains the audit log when asked, and proves it; for commands. */
@Module({ providers: [AuditSealer, AuditVerification, ChainAnchor], exports: [AuditSealer, AuditVerification] })
export class AuditProofModule {}
