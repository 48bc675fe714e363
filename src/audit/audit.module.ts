import { Module } from '@nestjs/common';
import { AuditController } from './audit.controller.js';
import { AuditLog } from './audit-log.js';
import { AuditLogRepository } from './audit-log.repository.js';
import { OperatorAuditController } from './operator-audit.controller.js';

/** The audit log over HTTP. */
@Module({
  controllers: [AuditController, OperatorAuditController],
  providers: [AuditLog, AuditLogRepository],
})
export class AuditModule {}
