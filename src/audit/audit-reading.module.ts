import { Module } from '@nestjs/common';
import { AuditLog } from './audit-log.js';
import { AuditLogRepository } from './audit-log.repository.js';

/** Reading the audit log, without HTTP. */
@Module({ providers: [AuditLog, AuditLogRepository], exports: [AuditLog] })
export class AuditReadingModule {}
