import { Injectable } from '@nestjs/common';
import { type AuditActor, SYSTEM_ACTOR } from '../audit/audit-trail.js';
import { type FieldError, ValidationFailedError } from '../common/domain-error.js';
import { newUuid } from '../common/ids.js';
import { ServerConfig } from '../config/config.js';
import { platformHostname } from './hostname.js';
import { PlatformTenantsRepository } from './platform-tenants.repository.js';
import type { PublishedBrand } from './tenant.js';
import type { TenantLocales } from './tenant.entity.js';
import { TenantDirectory } from './tenant-directory.js';

const SLUG = /^[a-z][a-z0-9-]{1,30}$/;
const DEFAULT_LOCALES: TenantLocales = { enabled: ['ko', 'en'], default: 'ko' };
const DEFAULT_WEIGHT = 1;

/** What an operator decides about a new tenant. */
export interface NewTenant {
  /** Lower-case letters, digits and dashes, 2..31 characters; the first is a letter. Never changes. */
  readonly slug: string;
  readonly name: string;
  /** Share of the devices, 1..100. Default 1. */
  readonly weight?: number;
  /** Default Korean and English, Korean first. */
  readonly locales?: TenantLocales;
  /** Published as version 1; without it the portal shows its neutral brand. */
  readonly brand?: Omit<PublishedBrand, 'version'>;
  /** Digest of the request whose first step this is; it goes on where it stopped when it is sent again. */
  readonly launch?: string;
}

/** Creates tenants, for operators and for the demo data. */
@Injectable()
export class TenantOnboarding {
  constructor(
    private readonly repository: PlatformTenantsRepository,
    private readonly directory: TenantDirectory,
    private readonly server: ServerConfig,
  ) {}

  /**
   * Creates an active tenant that answers on `{slug}.{platform host}`. `actor` goes into its audit log.
   * @returns its uuid
   * @throws ValidationFailedError, TenantAlreadyExistsError
   */
  async create(tenant: NewTenant, actor: AuditActor = SYSTEM_ACTOR): Promise<string> {
    const faults = faultsOf(tenant);
    if (faults.length > 0) throw new ValidationFailedError(faults);
    const id = newUuid();
    const row = {
      id,
      slug: tenant.slug,
      name: tenant.name,
      weight: tenant.weight ?? DEFAULT_WEIGHT,
      locales: tenant.locales ?? DEFAULT_LOCALES,
      hostname: platformHostname(tenant.slug, this.server.publicUrl),
      isSecure: this.server.publicUrl.startsWith('https:'),
      brand: tenant.brand ?? null,
      launch: tenant.launch ?? null,
    };
    await this.repository.insert(row, actor);
    this.directory.forget(); // "no such tenant" may be remembered
    return id;
  }
}

function faultsOf({ slug, name, weight = DEFAULT_WEIGHT, locales = DEFAULT_LOCALES }: NewTenant): FieldError[] {
  const faults: FieldError[] = [];
  const check = (holds: boolean, pointer: string, message: string) => {
    if (!holds) faults.push({ pointer, code: 'invalid', message });
  };
  check(SLUG.test(slug), '/slug', 'must be 2 to 31 of a-z, 0-9 and "-", and start with a letter');
  check(name.trim() !== '' && name.length <= 64, '/name', 'must have 1 to 64 characters');
  check(Number.isInteger(weight) && weight >= 1 && weight <= 100, '/weight', 'must be an integer from 1 to 100');
  check(locales.enabled.includes(locales.default), '/locales/default', 'must be one of the enabled locales');
  return faults;
}
