import { Injectable } from '@nestjs/common';
import { uuidOf } from '../common/ids.js';
import { TenantDirectory } from '../tenants/tenant-directory.js';
import { CommandRefusedError } from './command-refused.error.js';

/** Tenants as people name them at the terminal: by slug or public id. */
@Injectable()
export class NamedTenant {
  constructor(private readonly directory: TenantDirectory) {}

  /** @returns its uuid @throws CommandRefusedError */
  async id(name: string | undefined): Promise<string> {
    if (!name) throw new CommandRefusedError('Name a tenant: its slug, or its id (ten_...).');
    const known = uuidOf('tenant', name);
    const tenant = known ? await this.directory.byId(known) : await this.directory.bySlug(name);
    if (!tenant) throw new CommandRefusedError(`There is no tenant "${name}".`);
    return tenant.id;
  }
}
