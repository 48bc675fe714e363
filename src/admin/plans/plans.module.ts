import { Module } from '@nestjs/common';
import { AuditTrail } from '../../audit/audit-trail.js';
import { PlanAdministration } from './plan-administration.js';
import { PlansRepository } from './plans.repository.js';

/** Managing plans, without HTTP. */
@Module({ providers: [AuditTrail, PlanAdministration, PlansRepository], exports: [PlanAdministration] })
export class PlansModule {}
