import { Injectable } from '@nestjs/common';
import { ServerConfig } from '../config/config.js';
import { hostnameOf } from '../tenants/hostname.js';
import { TenantDirectory } from '../tenants/tenant-directory.js';
import type { PublicTenant } from '../tenants/tenant.js';

/** Whose pages a host shows: the platform's own, one tenant's, or nobody's. */
export type Realm = { kind: 'platform' } | { kind: 'tenant'; tenant: PublicTenant } | { kind: 'unknown' };

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

/** Decides by the Host header, before anybody has signed in. */
@Injectable()
export class VisitorRealm {
  private readonly platformHosts: ReadonlySet<string>;

  constructor(
    private readonly directory: TenantDirectory,
    server: ServerConfig,
  ) {
    this.platformHosts = new Set([...LOOPBACK, server.host, new URL(server.publicUrl).hostname]);
  }

  /** @param hostHeader as sent; a missing one belongs to nobody */
  async of(hostHeader: string | undefined): Promise<Realm> {
    if (!hostHeader) return { kind: 'unknown' };
    if (this.platformHosts.has(hostnameOf(hostHeader))) return { kind: 'platform' };
    const tenant = await this.directory.byHost(hostHeader);
    return tenant ? { kind: 'tenant', tenant } : { kind: 'unknown' };
  }

  /** The tenant of `/t/{slug}`: on the platform host any, on a tenant's host only that one. */
  async atPath(hostHeader: string | undefined, slug: string): Promise<PublicTenant | null> {
    const realm = await this.of(hostHeader);
    if (realm.kind === 'platform') return this.directory.bySlug(slug);
    return realm.kind === 'tenant' && realm.tenant.slug === slug ? realm.tenant : null;
  }
}
