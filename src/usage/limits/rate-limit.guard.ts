import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply } from 'fastify';
import type { AuthenticatedRequest, Principal } from '../../auth/principal.js';
import { SystemClock } from '../../common/clock.js';
import { type LimitState, showLimits } from '../../http/limit-state.js';
import { LimitExceededError } from '../../http/quota-exceeded.error.js';
import { WindowCounter } from '../../http/window-counter.js';
import { type Charge, LeasedLimiter } from './leased-limiter.js';
import { METERED } from './metered.decorator.js';
import type { LeasedName } from './quota-names.js';

/** Operators belong to no tenant; this stops a script of theirs that runs wild, in each process. */
const OPERATOR_POLICY = { name: 'operator', quota: 6_000, windowSeconds: 60 };

/**
 * Counts every request of a known principal, after the authentication guard: against the tenant, against the API key, and
 * against what the route names. Whoever is not known is counted by address.
 */
@Injectable()
export class RateLimitGuard implements CanActivate {
  private readonly operators = new WindowCounter(OPERATOR_POLICY, new SystemClock());

  constructor(
    private readonly reflector: Reflector,
    private readonly limiter: LeasedLimiter,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const { principal } = http.getRequest<AuthenticatedRequest>();
    if (!principal) return true;
    const further = this.reflector.get<readonly LeasedName[] | undefined>(METERED, context.getHandler()) ?? [];
    await this.count(principal, further, http.getResponse<FastifyReply>());
    return true;
  }

  private async count(principal: Principal, further: readonly LeasedName[], reply: FastifyReply): Promise<void> {
    const { tenantId } = principal;
    if (tenantId === null) return this.countOperator(principal.id, reply);
    const states = await this.limiter
      .take(tenantId, chargesOf(principal))
      .catch((error: unknown) => refuse(error, reply));
    if (further.length === 0) return showLimits(reply, states);
    const charges = further.map((name) => ({ name }));
    const more = await this.limiter.take(tenantId, charges).catch((error: unknown) => refuse(error, reply, states));
    showLimits(reply, [...more, ...states]);
  }

  private countOperator(id: string, reply: FastifyReply): void {
    const isAdmitted = this.operators.take(id);
    showLimits(reply, [this.operators.state(id)]);
    if (!isAdmitted) throw new LimitExceededError([this.operators.state(id)]);
  }
}

function chargesOf(principal: Principal): Charge[] {
  const own: Charge = { name: 'requests' };
  return principal.kind === 'api_key' ? [{ name: 'key', subject: principal.id }, own] : [own];
}

/** The headers of a refusal name the limits that were hit first. */
function refuse(error: unknown, reply: FastifyReply, others: readonly LimitState[] = []): never {
  if (error instanceof LimitExceededError) showLimits(reply, [...error.violated, ...others]);
  throw error;
}
