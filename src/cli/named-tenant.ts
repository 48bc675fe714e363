import { Injectable } from '@nestjs/common';
import { uuidOf } from '../common/ids.js';
import { TenantDirectory } from '../tenants/tenant-directory.js';
import { CommandRefusedError } from './command-refused.error.js';
import { slugsOf } from './option-values.js';

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

  /** @param names separated by commas @returns their uuids @throws CommandRefusedError */
  async ids(names = ''): Promise<string[]> {
    const ids: string[] = [];
    for (const name of slugsOf(names)) ids.push(await this.id(name));
    if (ids.length === 0) throw new CommandRefusedError('Name one tenant or more: slugs or ids, separated by commas.');
    return ids;
  }
}
