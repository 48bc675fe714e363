import { Injectable } from '@nestjs/common';
import type { AuditActor } from '../audit/audit-trail.js';
import { ValidationFailedError } from '../common/domain-error.js';
import { uuidOf } from '../common/ids.js';
import { PlatformTenants } from '../tenants/platform-tenants.js';
import { TenantAdministration } from '../tenants/tenant-administration.js';
import { TenantDirectory } from '../tenants/tenant-directory.js';
import { type NewTenant, TenantOnboarding } from '../tenants/tenant-onboarding.js';
import { FirstApiKey } from './first-api-key.js';
import { SmokeJob } from './smoke-job.js';
import { TenantAnalyzerGrants } from './tenant-analyzer-grants.js';

/** A tenant and what it needs to work at once. */
export interface LaunchRequest extends Omit<NewTenant, 'brand' | 'locales'> {
  readonly plan?: string;
  /** Slugs. */
  readonly analyzers?: readonly string[];
  /** Name of a first API key with every scope that a key may hold. */
  readonly apiKeyName?: string;
  /** Submit a first job that bills nothing. */
  readonly smokeJob?: boolean;
  /** Public id of the tenant whose brand, languages and plan are taken over. */
  readonly from?: string;
}

/** A launched tenant. */
export interface Launched {
  /** uuid. */
  readonly id: string;
  /** Shown once. */
  readonly apiKey: string | null;
  /** uuid. */
  readonly smokeJobId: string | null;
}

type Template = Pick<NewTenant, 'brand' | 'locales'> & { readonly plan?: string };

/** Onboarding in one call. Each step is one transaction with its trace; one that fails leaves what the others did. */
@Injectable()
export class TenantLaunch {
  constructor(
    private readonly onboarding: TenantOnboarding,
    private readonly tenants: PlatformTenants,
    private readonly directory: TenantDirectory,
    private readonly administration: TenantAdministration,
    private readonly grants: TenantAnalyzerGrants,
    private readonly firstKey: FirstApiKey,
    private readonly smokeJob: SmokeJob,
  ) {}

  /** @throws ValidationFailedError before anything is made; TenantAlreadyExistsError */
  async launch(request: LaunchRequest, actor: AuditActor): Promise<Launched> {
    const { slug, name, weight, analyzers = [] } = request;
    const template = request.from === undefined ? {} : await this.templateOf(request.from);
    this.grants.requireKnown(analyzers);
    const plan = request.plan ?? template.plan;
    if (plan !== undefined) await this.administration.requirePlan(plan);
    const { brand, locales } = template;
    const id = await this.onboarding.create({ slug, name, weight, brand, locales }, actor);
    if (plan !== undefined) await this.administration.change(id, { plan }, undefined, actor);
    if (analyzers.length > 0) await this.grants.set(id, analyzers, actor);
    const { apiKeyName } = request;
    const apiKey = apiKeyName === undefined ? null : await this.firstKey.issue(id, apiKeyName, actor);
    const smokeJobId = request.smokeJob ? await this.smokeJob.submit(id, analyzers, actor) : null;
    return { id, apiKey, smokeJobId };
  }

  private async templateOf(from: string): Promise<Template> {
    const id = uuidOf('tenant', from);
    const source = id && (await this.directory.byId(id));
    if (!source) {
      throw new ValidationFailedError([
        { pointer: '/from', code: 'unknown_tenant', message: 'is no tenant of this installation' },
      ]);
    }
    const [{ locales }, { plan }] = await Promise.all([
      this.tenants.get(source.id),
      this.administration.settings(source.id),
    ]);
    const brand = source.brand ?? undefined;
    return { locales, plan, brand: brand && { doc: brand.doc, css: brand.css, cssSha256: brand.cssSha256 } };
  }
}
