import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ServerConfig } from '../config/config.js';
import { PlatformTenants } from '../tenants/platform-tenants.js';
import { TenantAdministration } from '../tenants/tenant-administration.js';
import { type TenantSettingsDto, toTenantSettingsDto } from './dto/tenant-settings.dto.js';

/** A tenant as operators read it. */
@Injectable()
export class TenantViews {
  constructor(
    private readonly tenants: PlatformTenants,
    private readonly administration: TenantAdministration,
    private readonly server: ServerConfig,
  ) {}

  /** Sets the ETag too. @throws NotFoundError */
  async tagged(id: string, reply: FastifyReply): Promise<TenantSettingsDto> {
    const { tag, ...settings } = await this.administration.settings(id);
    reply.header('ETag', tag);
    return toTenantSettingsDto(await this.tenants.get(id), settings, this.server.publicUrl);
  }
}
