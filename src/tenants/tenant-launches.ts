import { Injectable } from '@nestjs/common';
import type { AuditActor } from '../audit/audit-trail.js';
import { TenantLaunchesRepository } from './tenant-launches.repository.js';
import { type NewTenant, TenantOnboarding } from './tenant-onboarding.js';
import { TenantAlreadyExistsError } from './tenants.errors.js';

/** A tenant whose launch begins or goes on. */
export interface BegunLaunch {
  /** uuid. */
  readonly id: string;
  /** An earlier try made some of it. */
  readonly isResumed: boolean;
}

/** Launches of tenants that can break off at any step: the same request, sent again, goes on with the same tenant. */
@Injectable()
export class TenantLaunches {
  constructor(
    private readonly onboarding: TenantOnboarding,
    private readonly repository: TenantLaunchesRepository,
  ) {}

  /**
   * Runs the steps of a launch; each must bear to be run again. @param request digest of what was asked for
   * @throws ValidationFailedError, TenantAlreadyExistsError
   */
  async run<T>(
    tenant: NewTenant,
    request: string,
    actor: AuditActor,
    steps: (begun: BegunLaunch) => Promise<T>,
  ): Promise<T> {
    const begun = await this.begin({ ...tenant, launch: request }, request, actor);
    try {
      const result = await steps(begun);
      await this.repository.finish(begun.id);
      return result;
    } catch (error) {
      await this.repository.release(begun.id).catch(() => undefined); // it is released by time too
      throw error;
    }
  }

  private async begin(tenant: NewTenant, request: string, actor: AuditActor): Promise<BegunLaunch> {
    try {
      return { id: await this.onboarding.create(tenant, actor), isResumed: false };
    } catch (error) {
      if (!(error instanceof TenantAlreadyExistsError)) throw error;
      const id = await this.repository.claim(tenant.slug, request);
      if (id === null) throw error;
      return { id, isResumed: true };
    }
  }
}
