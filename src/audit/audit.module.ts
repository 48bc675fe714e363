import { Module } from '@nestjs/common';
import { AuditController } from './audit.controller.js';
import { AuditReadingModule } from './audit-reading.module.js';
import { OperatorAuditController } from './operator-audit.controller.js';

/** The audit log over HTTP. */
@Module({ imports: [AuditReadingModule], controllers: [AuditController, OperatorAuditController] })
export class AuditModule {}
