import { Injectable } from '@nestjs/common';
import { ServerConfig } from '../../config/config.js';
import { portalAddress } from '../../tenants/hostname.js';
import { TenantsService } from '../../tenants/tenants.service.js';

const START = '/v1/auth/oidc/start';
const CALLBACK = '/v1/auth/oidc/callback';

/** Where a sign-in with a provider begins and ends: always on a host of the tenant, whose cookies nobody else reads. */
@Injectable()
export class OidcAddresses {
  private readonly protocol: string;

  constructor(
    private readonly tenants: TenantsService,
    private readonly server: ServerConfig,
  ) {
    this.protocol = new URL(server.publicUrl).protocol;
  }

  /** @param host header of a request to a host of the tenant */
  callbackOn(host: string): string {
    return `${this.protocol}//${host.toLowerCase()}${CALLBACK}`;
  }

  /** @param host header of a request to a host of the tenant */
  startOn(host: string): string {
    return `${this.protocol}//${host.toLowerCase()}${START}`;
  }

  /** One for each host of the tenant. */
  async callbacks(tenantId: string): Promise<string[]> {
    const { hosts, slug } = await this.tenants.get(tenantId);
    return hosts.map((host) => `${portalAddress({ hosts: [host], slug }, this.server.publicUrl)}${CALLBACK}`);
  }

  /** Null for a tenant without a host of its own. */
  async start(tenantId: string): Promise<string | null> {
    const tenant = await this.tenants.get(tenantId);
    return tenant.hosts.length > 0 ? `${portalAddress(tenant, this.server.publicUrl)}${START}` : null;
  }
}

/** A path of this host, else its first page: nothing that a browser could take for another host. */
export function localPath(text: string | undefined): string {
  const isLocal = text !== undefined && text.length <= 500 && /^\/(?![/\\])[\w\-./~%?=&]*$/.test(text);
  return isLocal ? text : '/';
}
