import { Injectable } from '@nestjs/common';
import type { AuditActor } from '../audit/audit-trail.js';
import { digestOf } from '../common/canonical-json.js';
import { TenantAdministration } from '../tenants/tenant-administration.js';
import { TenantLaunches } from '../tenants/tenant-launches.js';
import { FirstAccess } from './first-access.js';
import type { Launched, LaunchRequest } from './launch-request.js';
import { LaunchTemplates } from './launch-templates.js';
import { SmokeJob } from './smoke-job.js';
import { TenantAnalyzerGrants } from './tenant-analyzer-grants.js';

/**
 * Onboarding in one call. Everything is checked before anything is made. Each step is one transaction with its trace and
 * bears to be run again: when one fails, the same request, sent again, goes on with the same tenant.
 */
@Injectable()
export class TenantLaunch {
  constructor(
    private readonly launches: TenantLaunches,
    private readonly templates: LaunchTemplates,
    private readonly administration: TenantAdministration,
    private readonly grants: TenantAnalyzerGrants,
    private readonly access: FirstAccess,
    private readonly smokeJob: SmokeJob,
  ) {}

  /**
   * @throws ValidationFailedError before anything is made
   * @throws TenantAlreadyExistsError unless it is the unfinished launch of the same request
   */
  async launch(request: LaunchRequest, actor: AuditActor): Promise<Launched> {
    const { slug, name, weight } = request;
    const { brand, locales, plan: planOfTemplate } = await this.templates.of(request.from, name);
    const plan = request.plan ?? planOfTemplate;
    await this.requireSound(request, plan);
    const tenant = { slug, name, weight, brand, locales };
    return this.launches.run(tenant, requestDigest(request), actor, ({ id }) =>
      this.setUp(id, { ...request, plan }, actor),
    );
  }

  private async requireSound({ analyzers = [], owner }: LaunchRequest, plan: string | undefined): Promise<void> {
    this.grants.requireKnown(analyzers);
    if (owner) this.access.requireOwner(owner);
    if (plan !== undefined) await this.administration.requirePlan(plan);
  }

  private async setUp(id: string, request: LaunchRequest, actor: AuditActor): Promise<Launched> {
    const { plan, quotas = [], analyzers = [], owner, apiKeyName } = request;
    if (plan !== undefined) await this.administration.change(id, { plan }, undefined, actor);
    if (quotas.length > 0) await this.administration.setQuotas(id, quotas, actor);
    if (analyzers.length > 0) await this.grants.set(id, analyzers, actor);
    const smokeJobId = request.smokeJob ? await this.smokeJob.submit(id, analyzers, actor) : null;
    // What is shown once comes last: after it nothing is left that could fail.
    const apiKey = apiKeyName === undefined ? null : await this.access.issueKey(id, apiKeyName, actor);
    return { id, apiKey, smokeJobId, owner: owner ? await this.access.invite(id, owner, actor) : null };
  }
}

/** Tells one request from another; times count as they are written. */
function requestDigest({ quotas, ...rest }: LaunchRequest): string {
  return digestOf({ ...rest, quotas: quotas?.map((q) => ({ ...q, expiresAt: q.expiresAt?.toISOString() })) });
}
