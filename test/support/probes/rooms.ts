import type { INestApplicationContext } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AuditLogRepository } from '../../../src/audit/audit-log.repository.js';
import { ApiKeysRepository } from '../../../src/auth/api-keys.repository.js';
import { ImpersonationsRepository } from '../../../src/auth/impersonation/impersonations.repository.js';
import { ApiKeyListRepository } from '../../../src/auth/keys/api-key-list.repository.js';
import { AccountLinksRepository } from '../../../src/auth/members/account-links.repository.js';
import { MembersRepository } from '../../../src/auth/members/members.repository.js';
import { Members } from '../../../src/auth/members.service.js';
import { PasswordHasher } from '../../../src/auth/password-hasher.js';
import { SecondFactorsRepository } from '../../../src/auth/second-factor/second-factors.repository.js';
import { SessionListRepository } from '../../../src/auth/sessions/session-list.repository.js';
import { SessionsRepository } from '../../../src/auth/sessions.repository.js';
import { AuthPool, PlatformPool } from '../../../src/database/role-pool.js';
import { TenantDb } from '../../../src/database/tenant-db.js';
import { FilesRepository } from '../../../src/files/files.repository.js';
import { CancelRepository } from '../../../src/jobs/canceling/cancel.repository.js';
import { FeedRepository } from '../../../src/jobs/events/feed.repository.js';
import { JobsRepository } from '../../../src/jobs/reading/jobs.repository.js';
import { AliasesRepository } from '../../../src/model-registry/aliases/aliases.repository.js';
import { ModelsRepository } from '../../../src/model-registry/models.repository.js';
import { TenantKeysRepository } from '../../../src/secrets/tenant-keys.repository.js';
import { TenantsService } from '../../../src/tenants/tenants.service.js';
import { UploadsRepository } from '../../../src/uploads/uploads.repository.js';
import { UsageRepository } from '../../../src/usage/usage.repository.js';

/** Every repository of tenants' rows, over one way into the database. */
export type Rooms = ReturnType<typeof roomsOver>;

/** @param db the real one, or one that stands in another tenant than it is told */
export function roomsOver(app: INestApplicationContext, db: TenantDb) {
  const platform = app.get(PlatformPool, { strict: false });
  return {
    db,
    audit: new AuditLogRepository(db, platform),
    keys: new ApiKeysRepository(app.get(AuthPool, { strict: false }), db),
    keyList: new ApiKeyListRepository(db),
    impersonations: new ImpersonationsRepository(db, platform),
    links: new AccountLinksRepository(db),
    memberList: new MembersRepository(db),
    members: new Members(db, app.get(PasswordHasher, { strict: false })),
    factors: new SecondFactorsRepository(db),
    sessions: new SessionsRepository(db),
    sessionList: new SessionListRepository(db),
    files: new FilesRepository(db),
    cancel: new CancelRepository(db),
    feed: new FeedRepository(db),
    jobs: new JobsRepository(db),
    aliases: new AliasesRepository(db),
    models: new ModelsRepository(db),
    tenantKeys: new TenantKeysRepository(db),
    tenants: new TenantsService(db),
    uploads: new UploadsRepository(db),
    usage: new UsageRepository(db),
  };
}

/**
 * Stands in one tenant whatever it is told: the filters of a statement name the tenant that was asked for, row-level
 * security the one that is real. Whatever comes back got past the filter, so that nothing may come back.
 */
export class MisledDb extends TenantDb {
  constructor(
    dataSource: DataSource,
    private readonly real: string,
  ) {
    super(dataSource);
  }

  override run<T>(_asked: string, work: Parameters<TenantDb['run']>[1]): Promise<T> {
    return super.run(this.real, work) as Promise<T>;
  }

  override one<R extends Record<string, unknown>>(_asked: string, query: Parameters<TenantDb['one']>[1]): Promise<R[]> {
    return super.one<R>(this.real, query);
  }
}
