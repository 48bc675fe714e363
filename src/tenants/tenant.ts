import type { TenantLocales, TenantStatus } from './tenant.entity.js';

/** A tenant as its members and the operators see it. */
export interface Tenant {
  /** uuid. */
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly status: TenantStatus;
  /** Share of the devices against other tenants, 1..100. */
  readonly weight: number;
  readonly locales: TenantLocales;
  /** Active host names, without ports, in order. */
  readonly hosts: readonly string[];
  readonly createdAt: Date;
}

/** What anybody may know of a tenant before signing in. */
export interface PublicTenant {
  /** uuid. */
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly status: TenantStatus;
  /** The published brand; null until one is published. */
  readonly brand: PublishedBrand | null;
}

/** An immutable, published version of a tenant's branding. */
export interface PublishedBrand {
  readonly version: number;
  /** The branding document; the portal owns its schema. */
  readonly doc: Readonly<Record<string, unknown>>;
  /** Stylesheet derived from the document when it was saved. */
  readonly css: string;
  /** Hex, of `css`; part of the stylesheet's address. */
  readonly cssSha256: string;
}
