import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Operators suspend and resume; a suspended tenant is refused on every route. */
export type TenantStatus = 'active' | 'suspended';

/** Languages that a tenant offers, as BCP 47 tags. */
export interface TenantLocales {
  readonly enabled: readonly string[];
  readonly default: string;
}

/** Row of maru.tenants. */
@Entity({ schema: 'maru', name: 'tenants' })
export class TenantEntity {
  @PrimaryColumn('uuid')
  id: string;

  @Column('text')
  slug: string;

  @Column('text')
  name: string;

  @Column('text')
  status: TenantStatus;

  @Column('smallint')
  weight: number;

  @Column('jsonb')
  locales: TenantLocales;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;
}
