import { Injectable } from '@nestjs/common';
import { type AuditActor, AuditTrail } from '../../audit/audit-trail.js';
import { DomainError, NotFoundError, ValidationFailedError } from '../../common/domain-error.js';
import { PLAN_LIMIT_NAMES } from './plan-limit-names.js';
import { type Plan, PlansRepository } from './plans.repository.js';

/** A price as an operator sets it. */
export interface NewPrice {
  /** Decimal number as text. */
  readonly value: string;
  readonly currency: string;
  /** Default: now. */
  readonly validFrom?: Date | null;
}

/** Two prices of a plan cannot begin at one instant. */
export class PriceExistsError extends DomainError {
  readonly code = 'already-exists';
  constructor() {
    super('Another price of this plan begins at this instant. Prices stay; let yours begin at another one.');
  }
}

/**
 * What the installation offers: limits, and the price of a unit. Prices are only ever added, from now or later on, so that
 * what was billed stays as it was. Every change is one transaction with its entry in the platform's audit log.
 */
@Injectable()
export class PlanAdministration {
  constructor(
    private readonly plans: PlansRepository,
    private readonly audit: AuditTrail,
  ) {}

  /** By name. */
  list(): Promise<Plan[]> {
    return this.plans.list();
  }

  /**
   * Changes the limits that are given, or makes the plan, which needs all of them.
   * @throws ValidationFailedError
   */
  put(name: string, limits: Plan['limits'], actor: AuditActor): Promise<Plan> {
    return this.plans.alone(name, async (client) => {
      const before = await this.plans.find(client, name);
      if (!before) {
        requireAll(limits);
        await this.plans.create(client, name);
      }
      for (const limit of PLAN_LIMIT_NAMES) {
        const quota = limits[limit];
        if (quota !== undefined) await this.plans.setLimit(client, name, limit, quota);
      }
      const after = (await this.plans.find(client, name))!;
      const entry = { tenantId: null, actor, target: { type: 'plan', id: name }, after: view(after) };
      await this.audit.record(
        client,
        before ? { ...entry, action: 'plan.changed', before: view(before) } : { ...entry, action: 'plan.created' },
      );
      return after;
    });
  }

  /** @throws NotFoundError, ValidationFailedError, PriceExistsError */
  addPrice(name: string, { value, currency, validFrom = null }: NewPrice, actor: AuditActor): Promise<Plan> {
    if (validFrom && validFrom.getTime() < Date.now()) {
      const message = 'must not be in the past: what was billed stays as it was';
      throw new ValidationFailedError([{ pointer: '/validFrom', code: 'in_the_past', message }]);
    }
    return this.plans.alone(name, async (client) => {
      if (!(await this.plans.find(client, name))) throw new NotFoundError();
      if (!(await this.plans.addPrice(client, name, { validFrom, value, currency }))) throw new PriceExistsError();
      const after = { value, currency, validFrom: validFrom?.toISOString() ?? 'now' };
      const target = { type: 'plan', id: name };
      await this.audit.record(client, { tenantId: null, actor, action: 'plan.price_added', target, after });
      return (await this.plans.find(client, name))!;
    });
  }
}

/** A list: a member `key` would be taken for a secret. */
function view({ limits }: Plan): object {
  return { limits: Object.entries(limits).map(([name, limit]) => ({ name, limit })) };
}

function requireAll(limits: Plan['limits']): void {
  const missing = PLAN_LIMIT_NAMES.filter((name) => limits[name] === undefined);
  const message = 'is required for a new plan';
  const faults = missing.map((name) => ({ pointer: `/limits/${name}`, code: 'required', message }));
  if (faults.length > 0) throw new ValidationFailedError(faults);
}
